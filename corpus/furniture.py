"""Page furniture: navigation, buttons, editors' lines, page numbers and footers around a policy.

Every rule speaks of whole lines. A line that no rule knows is kept: losing a word of the policy is worse
than keeping a word of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.draft import Edit, lines
from corpus.labels import label_at

POSITION = "网页导航（当前位置）"
BUTTONS = "网页按钮与分享"
SITE = "网站名称"
WEB_INFO = "网页发布信息"
EDITORS = "编辑与记者署名"
ADDRESS = "网址与语种链接"
FOOTER = "网页页脚"
LINKS = "友情链接与相关链接"
PAGE_NUMBER = "页码"
RUNNING_HEAD = "页眉页脚"

_LONGEST = 120  # characters; furniture is short
_EDGE = 3  # lines at either end of a page, where a lone button is likely

_POSITION = re.compile(
    r"(?:您|你)?(?:现在|当前|目前)?的?(?:所在)?的?位置\s*(?:是|为)?\s*[:：].*"
    r"|(?:网站)?(?:首页|主页)\s*(?:[>＞›»/|\\]|->|—>|&gt;).*"
    r"|[^\s>＞›»。，；：\d][^>＞›»。，；：]{0,20}(?:\s*[>＞›»]+\s*[^\s>＞›»。，；：\d][^>＞›»。，；：]{0,40}){2,8}\s*[>＞›»]?"
)
# Buttons that no policy prints on a line of its own.
_BUTTON = (
    r"打\s*印(?:本页|此页|页面|文章|正文|本文|该页)?|关\s*闭(?:窗口|本页|页面|此页)?|分\s*享(?:到|至|本文)?|收\s*藏(?:本页|此页)?|加入收藏|设为首页"
    r"|字\s*[号体](?:大小)?|特大|放大|缩小|复制(?:链接|网址)|微信(?:好友|扫一扫)?|(?:新浪|腾讯)?微博|QQ(?:空间|好友)?|朋友圈|人人网"
    r"|扫一扫[^。，]{0,16}|手机扫(?:一扫|码)[^。，]{0,14}|用微信[^。]{0,20}|(?:返\s*回|回\s*到)(?:顶\s*部|首页|上一页|上级|列表|目录)|TOP|Top|top|返\s*回"
    r"|下载(?:文件|附件|全文|PDF|WORD|word)|我要纠错|点赞|保存(?:页面|本页)|语音(?:播报|朗读)|听全文|阅读模式|无障碍(?:浏览|阅读|模式)?"
    r"|长者(?:模式|版|助手|关怀版)|适老化(?:版|模式)?|关怀版|视力保护色|网站地图|联系我们|关于我们|网站声明|网站首页|手机版|电脑版|(?:政务)?客户端|政务微博|政务微信"
    r"|RSS|English|ENGLISH|简体版|繁体版|移动版|我要留言"
)
# Words that a policy might print too: furniture only beside other furniture or at the edge of the page.
_WEAK_BUTTON = r"[大中小]|默认|恢复|分享|顶部|纠错|转发|评论|保存|朗读|登录|注册|搜索|更多|设置|首页|订阅|二维码|EN|个人中心|超大|[简繁]|投稿|留言|正文|A[+-]?|下载|简体|繁体|使用帮助|上一?[篇页条]|下一?[篇页条]|无"
# Words of a site's menus and head. A line that is made of short pieces, half of them such words, is a menu.
_MENU = frozenset(
    "首页 网站首页 主页 政务公开 信息公开 政府信息公开 政务服务 办事服务 网上办事 服务大厅 政民互动 互动交流 公众参与 政策解读 政策法规 新闻中心 新闻动态 政务动态"
    " 工作动态 要闻动态 通知公告 公示公告 机构概况 机构设置 机构职能 专题专栏 数据发布 数据开放 统计数据 财政数据 领导之窗 党建工作 政务要闻 走进 无障碍阅读"
    " 无障碍浏览 无障碍 长者专区 长者模式 关怀版 登录 注册 登录/注册 繁体 简体 手机版 微信 微博 客户端 网站地图 个人中心 搜索 请输入关键词 高级搜索".split()
)
_MENU_GAP = re.compile(r"[\s|｜·•]+")
_SITE = re.compile(r"[\u4e00-\u9fff]{2,20}(?:政府网|门户网站?|政务网|官网|官方网站|人民政府网站)")
_LONGEST_PIECE = 8  # characters of a piece of a menu; only the name of the site is longer
_RIGHTS = re.compile(
    r"[*（(【\s]*(?:(?:来源|文章来源|信息来源)\s*[:：][^。]{2,40}[。，,；\s]+)?(?:版权声明|免责声明|转载声明|特别声明)?\s*[:：]?\s*(?:未经[^。]{0,20}|如需)?转载(?:请|须|需|应|时)?[^。]{0,20}(?:注明|标注|授权)"
    r"[^。]{0,20}[。]?(?:[^。]{0,20}(?:投稿|爆料|联系本[网站报])[^。]{0,20}。?)*[*）)】\s]*"
)
_BETWEEN = r"[\s|｜/·•\[\]【】（）()<>《》:：\-—_、，+]*"
_BUTTONS = re.compile(rf"{_BETWEEN}(?:(?:{_BUTTON}|{_WEAK_BUTTON}){_BETWEEN})+")
_STRONG = re.compile(_BUTTON)
_NEIGHBOUR = re.compile(r"[【\[]?[上下]一?[篇页条](?:新闻|文章|信息)?[】\]]?\s*[:：].{0,100}")
_STAMP = (
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}\s*[:：]\s*\d{2}(?:\s*[:：]\s*\d{2})?)?"
)
_WEB_KEY = (
    r"发布(?:时间|日期|者|人|单位|机构|来源)|发表(?:时间|日期)|更新(?:时间|日期)|(?:信息|稿件|文章|内容|新闻|文件)?来源|浏览(?:次数|量|数)?|阅读(?:次数|量|数|人数)?"
    r"|点击(?:次数|量|数|率)?|访问(?:次数|量)|作者|(?:责任|执行|网络|本文|版面)?编辑|责编|录入(?:者|人)?|审核人?|审签|初审|复审|终审|[一二三]审|监制|校对|上传(?:者|时间)"
    r"|字体(?:大小)?|字号|浏览字号|文章编号|撰稿|供稿|摄影|图片来源|信息提供|人气|热度"
)
_WEAK_KEY = r"时间|日期|标签|文字|分类|栏目|所属栏目"
_FILLER = r"(?:[\s|｜·•【】\[\]（）()大中小次]|打\s*印(?:本页)?|关\s*闭(?:窗口|本页)?|收\s*藏|分\s*享(?:到|至)?\s*[:：]?|微信|(?:新浪|腾讯)?微博|QQ空间|(?:我要)?纠错)"
_VALUE = r"[^\s:：]{0,30}(?:\s+\d{1,2}\s*[:：]\s*\d{2}(?:[:：]\d{2})?)?"
_WEB_INFO = re.compile(
    rf"(?=.*(?:{_WEB_KEY})\s*[:：]){_FILLER}*+(?:(?:(?:{_WEB_KEY}|{_WEAK_KEY})\s*[:：]\s*{_VALUE}|{_STAMP}){_FILLER}*+)+"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*\d{1,2}:\d{2}(?::\d{2})?.{0,30}"
)
_EDITORS = re.compile(
    r"[（(【\[]?\s*(?:[\u4e00-\u9fff]{1,6}(?:网|报|社|经|台))?(?:责任|执行|见习|实习|本报|本网|特约)?(?:编辑|记者|责编|校对|摄影|通讯员|撰稿|供稿|编审)"
    r"\s*[:：丨|/\s]\s*[\u4e00-\u9fff·\s、]{2,30}\s*[）)】\]]?"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+|EN|繁體|簡體", re.IGNORECASE)
_FOOTER = re.compile(
    r".*(?:版权所有|ICP备|ICP证|公网安备|网站标识码|Copyright|©|All Rights Reserved|建议使用.{0,12}(?:分辨率|浏览器)|网站支持IPv6).*"
    r"|(?:主办|承办|维护|技术支持)(?:单位)?\s*[:：].*(?:承办|技术支持|维护|主管)(?:单位)?\s*[:：].*|网站(?:管理|技术)?(?:维护|支持)\s*[:：].*",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"[\s【\[]*(?:友情链接|相关链接|相关附件|相关稿件|相关阅读|相关新闻|相关文章|相关信息|相关文件|相关文档|相关解读|相关政策|政策解读|文件解读|解读材料|图解|推荐阅读|延伸阅读"
    r"|热门推荐|热点推荐|最新发布|最新文章|最新政策|猜你喜欢|网友评论|评论区|站内导航|部门网站|政府网站|常用链接|为你推荐)\s*[】\]]?\s*[:：]?.{0,60}"
)
_PAGE_NUMBER = re.compile(
    r"[-－—–―─]+\s*\d{1,4}\s*[-－—–―─]+|第\s*\d{1,4}\s*页\s*[/，,、\s]*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
_FIGURE = re.compile(r"\d")
_COLON = re.compile(r"[:：]")
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (POSITION, _POSITION),
    (SITE, _SITE),
    (BUTTONS, _BUTTONS),
    (BUTTONS, _NEIGHBOUR),
    (WEB_INFO, _WEB_INFO),
    (EDITORS, _EDITORS),
    (ADDRESS, _ADDRESS),
    (FOOTER, _FOOTER),
    (PAGE_NUMBER, _PAGE_NUMBER),
)
# A line of the body hardly holds one of these: a quick test that spares most lines the rules.
_HINT = re.compile(
    r"[>＞›»|｜/©\[【:：\-－—–―─+]|\d{4}|[a-zA-Z]|位置|首页|印|闭|享|藏|号|体|返|回|顶|载|错|录|注册|搜索|更多|扫|微|朋友圈|人人网"
    r"|[大中小放缩缩特]|默认|恢复|发|论|赞|存|读|听|客户端|订|设置|上|下|无|编|记者|摄影|通讯员|稿|页|版|长者|老|力|网|关|动态|服务|联系|简|繁|二维码|留言|正文|帮助"
)


def furniture(text: str) -> list[Edit]:
    """Lines that belong to the page and not to the policy."""
    spans = lines(text)
    found: dict[int, str] = {}
    doubtful: dict[int, str] = {}
    for place, (start, end) in enumerate(spans):
        if end - start > _LONGEST or text[end - 1] in "。；":
            continue
        line = text[start:end]
        if _HINT.search(line) and (reason := reason_for(line)):
            (doubtful if _is_doubtful(line, reason) else found)[place] = reason
    if doubtful:
        _decide(text, spans, found, doubtful)
    found.update(_rights(text, spans))
    return [Edit(*spans[place], reason) for place, reason in found.items()] + _links(text, spans)


def _rights(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Notes on reprinting at the end of the page, which end in a full stop as the policy's own lines do."""
    last = range(max(0, len(spans) - 2 * _EDGE), len(spans))
    return {place: FOOTER for place in last if _RIGHTS.fullmatch(text[slice(*spans[place])])}


def _is_doubtful(line: str, reason: str) -> bool:
    """Whether a policy might print the line too: 设置; 来源：财政资金."""
    if reason == SITE:
        return True
    if reason == BUTTONS:
        return not (_STRONG.search(line) or _NEIGHBOUR.fullmatch(line))
    return reason == WEB_INFO and not _FIGURE.search(line) and len(_COLON.findall(line)) == 1


def _decide(
    text: str, spans: Sequence[tuple[int, int]], found: dict[int, str], doubtful: dict[int, str]
) -> None:
    """Doubtful lines are furniture beside other furniture, at the edges and above the first clause."""
    first = next((place for place, span in enumerate(spans) if label_at(text[slice(*span)])), len(spans))
    for place in (*doubtful, *reversed(doubtful)):  # forth and back, for one may stand beside another
        reason = doubtful[place]
        edge = (
            place < min(first, _EDGE) or place >= len(spans) - _EDGE or (reason == WEB_INFO and place < first)
        )
        if edge or place - 1 in found or place + 1 in found:
            found[place] = reason


def reason_for(line: str) -> str:
    """Why a stripped line may be furniture; empty where it is none."""
    if _is_menu(line):
        return POSITION
    return next((reason for reason, pattern in _RULES if pattern.fullmatch(line)), "")


def _is_menu(line: str) -> bool:
    """Whether the line is a menu: three short pieces or more, half of them words of menus; or the name of a site."""
    pieces = [piece for piece in _MENU_GAP.split(line) if piece]
    known = sum(piece in _MENU or piece.startswith("走进") for piece in pieces)
    brief = all(len(piece) <= _LONGEST_PIECE or _SITE.fullmatch(piece) for piece in pieces)
    return brief and not label_at(line) and len(pieces) > 2 and known > 1 and 2 * known >= len(pieces)


def _links(text: str, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """A list of links that ends the page: from its heading on, if nothing but short lines follows."""
    begin = None
    for place in range(len(spans) - 1, max(0, len(spans) - 80), -1):
        line = text[slice(*spans[place])]
        if len(line) > 100 or line[-1] in "。；":
            break
        if _LINKS.fullmatch(line):
            begin = place
    return [Edit(spans[begin][0], len(text), LINKS)] if begin is not None else []


def running_heads(text: str) -> list[Edit]:
    """Lines that stand at the top or bottom of most pages of a paged text (pages end with a form feed)."""
    pages = text.split("\f")
    if len(pages) < 3:
        return []
    edges: list[tuple[int, int]] = []
    start = 0
    for page in pages:
        spans = [(start + a, start + b) for a, b in lines(page)]
        edges += dict.fromkeys((*spans[:2], *spans[-2:]))
        start += len(page) + 1
    shapes = Counter(_shape(text[a:b]) for a, b in edges)
    return [
        Edit(a, b, RUNNING_HEAD)
        for a, b in edges
        if shapes[_shape(text[a:b])] > len(pages) / 2 and b - a <= _LONGEST and text[b - 1] not in "。；，）)"
    ]


def _shape(line: str) -> str:
    """The line without blanks, its numbers alike."""
    return re.sub(r"\d+", "0", "".join(line.split()))
