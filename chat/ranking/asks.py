"""What exactly is asked for, and whether a sentence says anything of that form.

The kind of a question (`chat.question.Kind`) tells how its answer is written. What must stand in a sentence that
answers is told more finely: a month, a telephone number, the name of a bank, what follows on a breach. A sentence
that lacks it may share every word with the question and still not answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chat.quantities import Quantity, QuantityKind, find_quantities

_MONEY = frozenset((QuantityKind.MONEY,))
_SHARES = frozenset((QuantityKind.SHARE, QuantityKind.POINTS))
_TIMES = frozenset((QuantityKind.DATE, QuantityKind.PERIOD))

# Name, what asks for it in a question, what says it in a sentence; figures are told by their kind instead.
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        "phone",
        r"电话|号码|手机号|热线|打哪|打给谁|联系方式|拨",
        r"\d{3,4}[-—－ ]?\d{3,4} ?[\d*×xX]{3,4}|1[3-9]\d{9}|电话|热线|(?<!\d)12\d{3}(?!\d)",
    ),
    (
        "place",
        r"(?:在|去|到|上|从|往|找)(?:哪(?:里|儿|个(?:平台|网|系统|窗口|地方)|块)?|什么地方|啥地方)|网址|网站|哪个(?:平台|系统|网)|什么(?:平台|系统)",
        r"平台|网站|系统|窗口|网上|登录|小程序|公众号|中心|所在地|向[^，。；]{2,24}(?:提出|提交|申[请报]|递交|报送|备案|登记)|地址",
    ),
    (
        "name",
        r"叫(?:什么|啥)|哪(?:位|个人)|姓(?:什么|啥)|联系人|会长|局长|负责人是谁|谁的电话",
        r"联系人|组长|同志|[任由]\S{0,8}(?:市长|省长|书记|主席)",
    ),
    (
        "bank",
        r"哪(?:些|几)?(?:家|个)?(?:合作)?(?:银行|担保公司|担保机构|保险公司)|(?:银行|担保公司|保险公司|承办)[^，。？]{0,4}(?:是|有)?哪(?:些|几)?(?:家|个)?",
        r"(?:工商|农业|中国|建设|交通|邮政储蓄|邮储|农商|农村商业|开发|进出口|招商|浦发|民生|兴业|[㐀-鿿]{2}(?<!合作)(?<!商业)(?<!政策)(?<!引导)(?<!鼓励)(?<!支持)(?<!推动)(?<!承办)(?<!经办)(?<!有关)(?<!相关)(?<!全国)(?<!试点)(?<!各类)(?<!辖内)(?<!的由))银行(?![业机贷卡流信存利])|保险(?:股份)?公司|担保(?:集团|有限|公司)",
    ),
    (
        "body",
        r"哪(?:些|几)?(?:家|个)?(?:机构|公司|单位|平台公司|企业|第三方|协会)|(?:机构|公司|运营)[^，。？]{0,4}(?:是|叫)?哪",
        r"由[^，。；]{2,24}(?:机构|公司|中心|协会|集团|研究院|联盟|平台)|(?:机构|公司|中心|协会|集团|研究院)[^，。；]{0,8}(?:负责|承担|运营|实施|出具|组织|认定)",
    ),
    (
        "department",
        r"哪(?:些|几)?(?:个)?(?:部门|局|厅|委|科|处|口|衙门|主管)|谁(?:牵头|负责|管|主管|来管|审|批|定|查)|归(?:谁|哪)|责任单位|牵头单位|找谁|由谁|哪(?:家|个)[^，。？]{0,4}(?:管|牵头|领头|负责|受理|审|批)",
        r"(?:部门|机关|委员会|政府|[厅局委办部署院]|银行|税务|海关|管委会|街道)[^。]{0,24}(?:负责|牵头|受理|审[核查批定]|组织|认定|核[查定准]|主管|管理|监督|会同|配合|拨付|备案|承担|发布|公布)|(?:牵头|负责|责任|配合|主管)(?:单位|部门)?[:：）)]|(?:牵头|负责)[）)]?$|由[^，。；]{2,20}(?:负责|牵头|承担)|[向报][^，。；]{2,24}(?:提出|提交|申[请报]|递交|报送|备案)",
    ),
    (
        "steps",
        r"流程|步骤|程序|手续|(?:怎么|如何|怎样|咋)(?:个)?(?:样)?(?:去)?(?:申请|申报|办|报|领|弄|走|操作|备案|登记|入库|反映|申诉|投诉)",
        r"提出|提交|申[请报]|受理|审[核查批]|公示|填报|登录|报送|备案|按照?[^，。；]{0,12}程序|通过[^，。；]{2,20}(?:平台|系统|网)|书面",
    ),
    (
        "materials",
        r"材料|资料|要带|(?:交|备|提供|准备|提交|附|递)(?:些|齐|上)?(?:什么|啥|哪些|哪几)|单子|凭据|证件|哪些证明|啥纸|啥东西|东西",
        r"材料|提交|申请[表书]|复印件|证明|执照|发票|凭证|合同|报告|承诺书|清单",
    ),
    (
        "meaning",
        r"(?:是|指|叫)(?:的)?(?:什么|啥)(?:意思|东西|企业)?[？?]?$|什么是|啥是|指的是|含义|定义|何为|怎么(?:算|界定|认定)|如何(?:界定|认定|定义)|什么叫|啥叫",
        r"是指|指的是|所称|系指|包括|以下简称|认定|视为|计算|是[^，。；]{4,}的",
    ),
    (
        "listed",
        r"(?:包括|有|是|分为?)(?:了)?(?:哪些|哪几|啥|什么)|哪[几些]|具体(?:是|有|包括)|哪[三四五六七八九十]",
        r"、|包括|[：:]|分别|以及|[（(][一二三1-3][)）]",
    ),
    (
        "conditions",
        r"条件|资格|要求|门槛|够格|什么样|啥样|标准|怎样的|多大|够不够|符合|达到",
        r"条件|应当?|具备|符合|不低于|不少于|以上|以下|超过|标准|资格|满\d|须|需|不得|依法|达到",
    ),
    (
        "breach",
        r"(?:会|要|得|被)(?:怎么|怎样|咋|如何)(?:样|处|罚|着|办|收拾)?|后果|怎么(?:处理|处罚|罚|办)|咋(?:样|办|整|罚)|会咋|罚",
        r"取消|追回|收回|责令|处罚|退回|退还|罚款|约谈|通报|不予|暂停|撤销|移送|失信|整改|赔偿|追究|停发|扣|没收|吊销|警告|终止",
    ),
    (
        "benefit",
        r"(?:有|给|能|享受|拿|领|落)[^，。？]{0,8}(?:什么|啥|哪些)(?!时候|条件|材料|资料|要求)|(?:支持|补助|好处|优惠|奖励|扶持|帮衬|甜头|照顾|优待)",
        r"给予|支持|补助|补贴|奖|贴息|优先|免|资助|减|优惠|享受|提供|鼓励|推荐|安排|\d",
    ),
)
_FIGURES: tuple[tuple[str, str, frozenset[QuantityKind]], ...] = (
    (
        "money",
        r"多少(?:钱|万|元|块|亿)|几个?(?:钱|万|块|百|千|元|毛|角)|(?:奖金|奖励|补贴|补助|资金|费用?|租金|罚款|额度|金额|总额)[^，。？]{0,4}(?:是|有|为)?多少|(?:给|奖|补|贴|发|领|拿|罚|赔|收|返|报|免)(?:个|我|咱|你|他们)?(?:多少|几个?钱)|多少[钱万]",
        _MONEY | _SHARES,
    ),
    (
        "share",
        r"几成|百分之|百分比|比例|几个点|几折|占比|比重|[率](?:是|为|要|达|到|得|有)*多少|多少个?(?:百分)?点|多大比例",
        _SHARES,
    ),
    (
        "lasting",
        r"多久|多长|几(?:个)?(?:年|月|天|工作日|小时)(?!级)|多少(?:个)?(?:年|月|天|工作日|小时)|期限|时限",
        frozenset((QuantityKind.DURATION, *_TIMES)),
    ),
    ("when", r"什么时候|啥时候|何时|哪(?:一)?[天年月]|几[月号]|时间|截止|几时|到期|日期", _TIMES),
)
_COUNTED = re.compile(
    r"(?:多少|(?<!哪)几)(?:个(?!钱|点|成|工作日|月|小时))?(家|个(?!钱|点|月|工作)|项|名|人|户|条|种|类|次|所|批|件|台|套|份|场|位|处|座|张|辆|亩|吨|平方米|平|万人|万家|人次|间|栋|分)"
)
_DAY = re.compile(r"几月|几号|哪(?:一)?天|几月几号")
_DAY_SAID = re.compile(r"\d月|[一二三四五六七八九十]月|每[月季]|\d日|季度|月底|年底|月末|年末")
_ALIKE = {"人": "名", "位": "名", "平": "平方米"}

ASKS = (*(name for name, _, _ in _SAID), *(name for name, _, _ in _FIGURES), "counted", "day")
NAMES = (*(f"asks_{name}" for name in ASKS), "asked_said", "asked_lacks")
_ASKS = tuple(re.compile(asks) for _, asks, _ in _SAID)
_SAYS = (*(re.compile(says) for _, _, says in _SAID), _DAY_SAID)
_FIGURE_PATTERNS = tuple((re.compile(asks), kinds) for _, asks, kinds in _FIGURES)


@lru_cache(maxsize=200_000)
def _says(place: int, text: str) -> bool:
    """Whether a sentence has one of the forms that words tell; questions ask for few of them."""
    return bool(_SAYS[place].search(text))


def ask_features(
    asked: str, sentences: Sequence[str], quantities: Sequence[Sequence[Quantity]]
) -> NDArray[np.float32]:
    """Whether sentences say what is asked for, shape (sentences, len(NAMES)).

    asked: the question. quantities: of each sentence.
    Per thing asked 1 where a sentence has its form, -1 where it lacks it, 0 where it is not asked; then the
    shares of the things asked that it has and that it lacks.
    """
    rows = np.zeros((len(sentences), len(NAMES)), dtype=np.float32)
    words = [place for place, asks in enumerate(_ASKS) if asks.search(asked)]
    figures = [(place, kinds) for place, (asks, kinds) in enumerate(_FIGURE_PATTERNS) if asks.search(asked)]
    counted = _COUNTED.search(asked)
    unit = _ALIKE.get(counted[1], counted[1]) if counted else ""
    day = bool(_DAY.search(asked))
    total = len(words) + len(figures) + bool(unit) + day
    if not total:
        return rows
    given = {str(q) for q in find_quantities(asked)}
    counts = bool(figures or unit)
    for row, (text, own) in enumerate(zip(sentences, quantities, strict=True)):
        has = [(place, _says(place, text)) for place in words]
        kinds = {q.kind for q in own if not given or str(q) not in given} if counts else set()
        has += [(len(_SAID) + place, bool(kinds & wanted)) for place, wanted in figures]
        if unit:
            units = {_ALIKE.get(q.unit, q.unit) for q in own}
            has.append((len(ASKS) - 2, unit in units or unit == "个" and bool(kinds & {QuantityKind.COUNT})))
        if day:
            has.append((len(ASKS) - 1, _says(len(_SAID), text)))
        for place, met in has:
            rows[row, place] = 1 if met else -1
        share = sum(met for _, met in has) / total
        rows[row, len(ASKS) :] = share, 1 - share
    return rows
