"""What is asked for by its form and cited nowhere: the matter is told, and not what was asked of it.

Which office, which bank, on which platform, at what address: a clause on the matter that says nothing of the kind is
no answer, however near it comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chat.answer import Citation
from chat.roles import Role, roles_of

_ASKS_MATERIALS = re.compile(
    r"(?:哪些|什么|啥|哪几)(?:样的)?(?:申报|申请|证明|相关)?(?:材料|资料|证件)|(?:材料|资料|证件)(?:都?有|是|要|需要|包括)?(?:哪些|什么|啥|哪几)"
    r"|(?:准备|提?交|递)(?:些|齐)?(?:什么|啥|哪些|哪几)(?=东西|文件|证明|表|[去来吗呢？?，,。]|$)"
)
_ASKED = r"[^，。？?]{0,4}(?:多少|多大|多高|几(?![个家项]))"
# What asks, and what must stand in one of the sentences cited, or in their clauses.
_IN_SENTENCES = (
    (r"哪个?(?:处室|科室|股室)|哪个(?:处(?!罚|理|分)|科(?!技))", r"[处科股]室?(?![理罚分置于技学研])"),
    (
        r"哪个?(?:些|几个?)?(?:平台|系统(?!性)|网站|网页|App|APP|app|小程序|公众号)|什么(?:平台|网站|系统(?!性))|网址",
        r"平台|系统|网|App|APP|小程序|公众号|线上",
    ),
    (
        r"哪(?:些|几)(?:家|个)?(?:合作|承办|经办)?银行|(?:合作|承办|经办)(?:的)?银行[^，。？]{0,4}哪",
        r"(?:工商|农业|中国|建设|交通|储蓄|邮储|农商|商业|开发|进出口|招商|浦发|民生|兴业)银行|银行业?(?:业)?金融机构",
    ),
    (
        r"(?:申报|申请|报名|受理|填报|材料)[^，。？?]{0,10}(?:截止|最晚|最迟|什么时候|啥时候|何时|哪天|几号|几月)|(?:最晚|最迟|截止|什么时候|啥时候|何时|哪天|几号|几月)[^，。？?]{0,6}(?:报名|申报|申请|交材料|提交|报材料)",
        r"(?=.*(?:申报|申请|受理|提交|报送|填报|递交|报名|截止|材料|登录|备案))(?=.*(?:月|季|日|年|天|常年|随时|之前))",
    ),
    (
        r"几点(?:上班|下班|开门|关门|开始|结束|放|抢|到)|(?:上班|办公|营业|服务)时间",
        r"\d{1,2}[:：]\d\d|\d{1,2}[点时](?!间)|[上下]午|工作时间|24小时",
    ),
)
_IN_CLAUSES = (
    (
        r"(?:认定|评定|评选|申报|申请|入选)的?(?:条件|标准|门槛|要求)",
        r"条件|标准|门槛|符合|具备|满足|是指|要求|应当|不少于|不低于|以上|以下简称",
    ),
    (rf"面额{_ASKED}|多大面额", r"面额|每张|[元]券|单张"),
    (rf"(?:总投资|投资总?额){_ASKED}", r"投资"),
    (rf"(?:营收|营业收入|销售额|产值){_ASKED}", r"营收|收入|销售额|产值"),
    (rf"(?:利率|利息){_ASKED}", r"利率|利息|LPR|基点|贴息"),
    (rf"(?:工资|薪水|月薪|年薪|薪酬){_ASKED}", r"工资|薪|报酬|收入"),
    (rf"(?:年费|会费|票价|门票|手续费|接入费|服务费|检测费|押金|保证金|注册资本|学费){_ASKED}", ""),
)
_FEE = re.compile(r"年费|会费|票价|门票|手续费|接入费|服务费|检测费|押金|保证金|注册资本|学费")
# 最多几天, 按多少平米算: what is counted must stand in what is cited, and not only as that which one pays by (每平方米).
_COUNTED = re.compile(
    r"(?:多少|(?<![好前头这那近后])几)个?(平方米|平米|平|亩|天|工作日|年|月|次|回|人|名|份|件|间|套|台|辆|吨|岁|小时|户|场|期|张|倍)(?![前后级度])"
)
_UNITS = {
    "平米": "平方米|平",
    "平": "平方米",
    "回": "次",
    "人": "名",
    "名": "人",
    "天": "日|工作日|自然日",
    "工作日": "日",
    "年": "周年",
}
# 钱什么时候到账, 几天能批下来: what happens then must stand beside a day or a stretch of time.
_WHEN = r"(?:什么时候|啥时候|何时|哪[一]?天|几号|几月|多久|多长时间|几天|多少天|几个工作日|多少个工作日)"
_TIME = re.compile(
    r"[\d一二三四五六七八九十两]\s*个?(?:月|日|天|工作日|年|周|小时)|月底|年底|季度|每[年月季]|当年|次年|及时|即时|当[日天]|随时|常年"
)
_EVENTS = (
    (
        r"到账|打款|拨付|兑现|发放|到手|打过来|发下来|拿到(?:钱|手|补贴|奖金|资金)|给钱",
        r"拨付|兑现|发放|到账|支付|下达|拨至|拨给|拨到|划拨|返还|发给",
    ),
    (
        r"公布|公示|出结果|有结果|结果(?:什么|啥|何)|名单",
        r"公布|公示|发布|公告|结果|名单|反馈|告知|通报|通知",
    ),
    (
        r"审(?:完|核|批|定|下来)|批(?:下来|完|复|准)|办(?:下来|完|好|结|成)|答复|回复",
        r"审|核|批|办结|办理|答复|受理|评|决定|反馈|完成|查|认定",
    ),
    (r"验收", r"验收"),
    (r"复核|复评|复审", r"复核|复评|复审|复查|重新|期满"),
    (r"开幕|举办|召开|举行|开会", r"开幕|举办|召开|举行"),
)
_DATED = tuple(
    (
        re.compile(rf"{_WHEN}[^，。？?]{{0,8}}?(?:{asks})|(?:{asks})[^，。？?]{{0,6}}?{_WHEN}"),
        re.compile(says),
    )
    for asks, says in _EVENTS
)
_EACH = re.compile(r"每个?(?:平方米|亩|人|名|次|年|月|天|件|台|辆|间|套|户|场|份)")
_SENTENCES = tuple((re.compile(asks), re.compile(says)) for asks, says in _IN_SENTENCES)
_CLAUSES = tuple((re.compile(asks), re.compile(says)) for asks, says in _IN_CLAUSES)


def unsaid(asked: str, cited: Iterable[Citation]) -> bool:
    """Whether a question asks for something of a form that nothing cited has; `asked` in simplified script."""
    cited = list(cited)
    quotes = [f"{c.clause.heading} {c.quote}" for c in cited]
    clauses = [f"{c.clause.heading} {c.clause.text}" for c in cited]
    if any(asks.search(asked) and not any(map(says.search, quotes)) for asks, says in _SENTENCES):
        return True
    for event, says in _DATED:
        if event.search(asked) and not any(says.search(quote) and _TIME.search(quote) for quote in quotes):
            return True
    if (counted := _COUNTED.search(asked)) and not _counts(counted[1], quotes):
        return True
    if _ASKS_MATERIALS.search(asked) and not any(Role.MATERIALS in roles_of(text) for text in clauses):
        return True  # what is given is told, and not what must be handed in for it
    for asks, says in _CLAUSES:
        if not (found := asks.search(asked)):
            continue
        named = _FEE.search(found[0])
        if not any((named[0] in text) if named else says.search(text) for text in clauses):
            return True
    return False


def _counts(unit: str, quotes: Iterable[str]) -> bool:
    """Whether one of the sentences states how many of a unit."""
    figure = re.compile(
        rf"[\d一二三四五六七八九十百千万两半几]\s*[个多余来]?(?:{unit}|{_UNITS.get(unit, unit)})"
    )
    return any(figure.search(_EACH.sub("", quote)) for quote in quotes)
