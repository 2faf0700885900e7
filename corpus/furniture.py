"""Page furniture: navigation, buttons, editors' lines, page numbers and metadata blocks around a policy.

Every rule speaks of whole lines. A line that no rule knows is kept: losing a word of the policy is worse
than keeping a word of the page.
"""

from __future__ import annotations

import re

from corpus.draft import Edit, lines

POSITION = "网页导航（当前位置）"
BUTTONS = "网页按钮与分享"
WEB_INFO = "网页发布信息"
EDITORS = "编辑与记者署名"
ADDRESS = "网址与语种链接"
FOOTER = "网页页脚"
LINKS = "友情链接与相关链接"
PAGE_NUMBER = "页码"
METADATA = "网页元数据（已读入）"

_LONGEST = 120  # characters; furniture is short

_POSITION = re.compile(
    r"(?:您|你)?(?:现在|当前|目前)?的?(?:所在)?(?:的)?位置\s*(?:是|为)?\s*[:：].*"
    r"|(?:网站)?(?:首页|主页)\s*(?:[>＞›»/|\\]|->|—>|&gt;).*"
    r"|[^\s>＞›»。，；：\d][^>＞›»。，；：]{0,20}(?:\s*[>＞›»]+\s*[^\s>＞›»。，；：\d][^>＞›»。，；：]{0,30}){2,8}\s*[>＞›»]?"
)
_BUTTON = (
    r"打\s*印(?:本页|此页|页面|文章|正文|本文|该页)?|关\s*闭(?:窗口|本页|页面|此页)?|分\s*享(?:到|至|本文)?|收\s*藏(?:本页|此页)?"
    r"|加入收藏|设为首页|字\s*[号体]|特大|[大中小]|默认|放大|缩小|恢复|复制(?:链接|网址)|微信(?:好友|扫一扫)?|(?:新浪|腾讯)?微博"
    r"|QQ(?:空间|好友)?|朋友圈|人人网|扫一扫(?:在手机(?:上)?打开当前页(?:面)?|分享.{0,8}|查看.{0,8}|.{0,12})?|手机扫(?:一扫|码).{0,14}"
    r"|用微信.{0,20}|(?:返\s*回|回\s*到)(?:顶\s*部|首页|上一页|列表|目录)?|顶部|TOP|Top|top|上一?[篇页条]|下一?[篇页条]|下载(?:文件|附件|全文|PDF|WORD|word)?"
    r"|我要纠错|纠错|点赞|转发|评论|保存(?:页面|本页)?|朗读|语音(?:播报|朗读)?|听全文|阅读模式|无障碍(?:浏览|阅读|模式)?|长者(?:模式|版|助手|关怀版)?"
    r"|适老化|关怀版|视力保护色|登录|注册|搜索|更多|网站地图|联系我们|关于我们|网站声明|使用帮助|设置|首页|网站首页|手机版|电脑版"
    r"|简体版?|繁体版?|无障碍|政务微博|政务微信|客户端|订阅|RSS|二维码|English|ENGLISH|EN|移动版|投稿|留言|【?正文】?|A[+-]?"
)
_BUTTONS = re.compile(
    rf"[\s|｜/·•\[\]【】（）()<>《》:：\-—_、，]*(?:(?:{_BUTTON})[\s|｜/·•\[\]【】（）()<>:：\-—_、，+]*)+"
)
_ONLY_SIZE = re.compile(r"[大中小\sA默认、|]+")
_NEIGHBOUR = re.compile(r"(?:【|\[)?[上下]一?[篇页条](?:新闻|文章|信息)?(?:】|\])?\s*[:：].{0,100}")
_STAMP = (
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}\s*[:：]\s*\d{2}(?:\s*[:：]\s*\d{2})?)?"
)
_WEB_KEY = (
    r"发布(?:时间|日期|者|人|单位|机构|来源)|发表(?:时间|日期)|更新(?:时间|日期)|(?:信息|稿件|文章|内容|新闻|文件)?来源|浏览(?:次数|量|数)?|阅读(?:次数|量|数|人数)?"
    r"|点击(?:次数|量|数|率)?|访问(?:次数|量)|作者|(?:责任|执行|网络|本文|版面)?编辑|责编|录入(?:者|人)?|审核(?:人)?|审签|初审|复审|终审|一审|二审|三审|监制|校对"
    r"|上传(?:者|时间)|时间|日期|字体(?:大小)?|字号|浏览字号|文章编号|点击|标签|撰稿|供稿|摄影|文字|图片来源|信息提供|人气|热度|分类|栏目|所属栏目"
)
_WEB_INFO = re.compile(
    rf"[\s|｜·•【】\[\]（）()]*(?:(?:{_WEB_KEY})\s*[:：]\s*[^\s:：]{{0,30}}(?:\s+\d{{1,2}}\s*[:：]\s*\d{{2}}(?:[:：]\d{{2}})?)?[\s|｜·•【】\[\]（）()大中小次]*"
    rf"|{_STAMP}[\s|｜]*(?=.*(?:{_WEB_KEY})\s*[:：]))+"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*\d{1,2}:\d{2}(?::\d{2})?.{0,30}"
)
_EDITORS = re.compile(
    r"[（(【\[]?\s*(?:[\u4e00-\u9fff]{2,6}(?:网|报|社|经))?(?:责任|执行|见习|实习|本报|本网|特约)?(?:编辑|记者|责编|校对|作者|摄影|通讯员|撰稿|供稿|审核|编审)"
    r"\s*[:：丨|/\s]\s*[\u4e00-\u9fff·\s、]{2,30}\s*[）)】\]]?"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|EN|En|English|繁體|繁体|简体|簡體", re.IGNORECASE)
_FOOTER = re.compile(
    r".*(?:版权所有|ICP备|ICP证|公网安备|网站标识码|Copyright|©|All Rights Reserved|建议使用.{0,12}(?:分辨率|浏览器)|网站支持IPv6).*"
    r"|(?:主办|承办|维护|技术支持)(?:单位)?\s*[:：].*(?:承办|技术支持|维护|主管)(?:单位)?\s*[:：].*|网站(?:管理|技术)?(?:维护|支持)\s*[:：].*",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"[\s【\[]*(?:友情链接|相关链接|相关阅读|相关新闻|相关文章|相关信息|相关文件|相关文档|相关解读|相关政策|政策解读|文件解读|解读材料|图解|推荐阅读|延伸阅读"
    r"|热门推荐|热点推荐|最新发布|最新文章|最新政策|猜你喜欢|网友评论|评论区|站内导航|部门网站|政府网站|常用链接|为你推荐)\s*[】\]]?\s*[:：]?.{0,60}"
)
_PAGE_NUMBER = re.compile(
    r"[-－—–―─]+\s*\d{1,4}\s*[-－—–―─]+|第\s*\d{1,4}\s*页\s*[/，,、\s]*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (POSITION, _POSITION),
    (BUTTONS, _BUTTONS),
    (BUTTONS, _NEIGHBOUR),
    (WEB_INFO, _WEB_INFO),
    (EDITORS, _EDITORS),
    (ADDRESS, _ADDRESS),
    (FOOTER, _FOOTER),
    (PAGE_NUMBER, _PAGE_NUMBER),
)
# A line can only be furniture if it holds one of these: a quick test that spares most lines the rules.
_HINT = re.compile(
    r"位置|首页|主页|[>＞›»|｜/©\[【]|打\s*印|关\s*闭|分\s*享|收\s*藏|字\s*[号体]|返\s*回|回\s*到|顶部|TOP|top|下载|纠错|登录|注册|搜索|更多|扫|微信|微博"
    r"|[:：]|\d{4}|编辑|记者|责编|作者|摄影|通讯员|供稿|审核|撰稿|EN|En|[a-z]{3}|体|版|[-－—–―─]|第|大|默认|正文|评论|转发|点赞|朗读|语音|收听|客户端|订阅|设置|上一|下一|保存|无障碍"
)


def furniture(text: str) -> list[Edit]:
    """Lines that belong to the page and not to the policy."""
    edits = []
    spans = lines(text)
    for start, end in spans:
        if end - start > _LONGEST or text[end - 1] in "。；":
            continue
        line = text[start:end]
        if _HINT.search(line) and (reason := reason_for(line)):
            edits.append(Edit(start, end, reason))
    return edits + _links(text, spans)


def reason_for(line: str) -> str:
    """Why a stripped line is furniture; empty where it is none."""
    if _ONLY_SIZE.fullmatch(line):
        return BUTTONS if len(line) > 2 else ""
    for reason, pattern in _RULES:
        if pattern.fullmatch(line):
            return reason
    return ""


def _links(text: str, spans: list[tuple[int, int]]) -> list[Edit]:
    """A list of links that ends the page: from its heading on, if nothing but short lines follows."""
    for index in range(len(spans) - 1, max(-1, len(spans) - 80), -1):
        start, end = spans[index]
        line = text[start:end].strip()
        if len(line) > 100 or line.endswith(("。", "；")):
            return []
        if _LINKS.fullmatch(line):
            first = index
            while first and (
                not (before := text[slice(*spans[first - 1])].strip()) or _LINKS.fullmatch(before)
            ):
                first -= 1
            return [Edit(spans[first][0], len(text), LINKS)]
    return []
