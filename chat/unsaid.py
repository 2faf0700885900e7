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
_HANDED_IN = re.compile(r"(?:提交|出具|提供|携带|备齐)[^。；]{0,24}[书表证](?:[、，和及]|等|$)")
_ASKED = r"[^，。？?]{0,4}(?:多少|多大|多高|几(?![个家项]))"
# What asks, and what must stand in one of the sentences cited, or in their clauses.
_IN_SENTENCES = (
    (
        r"哪个?(?:处室|科室|股室)|哪个(?:处(?!罚|理|分)|科(?![技研目普]))",
        r"[处科股]室?(?![理罚分置于技学研])",
    ),
    (
        r"哪个?(?:些|几个?)?(?:平台|系统(?!性)|网站|网页|App|APP|app|小程序|公众号)|什么(?:平台|网站|系统(?!性))|网址",
        r"平台|系统|网|App|APP|小程序|公众号|线上|登录|通过[“\"]",
    ),
    (
        r"哪(?:些|几)(?:家|个)?(?:合作|承办|经办)?银行|(?:合作|承办|经办)(?:的)?银行[^，。？]{0,4}哪",
        r"(?:工商|农业|中国|建设|交通|储蓄|邮储|农商|商业|开发|进出口|招商|浦发|民生|兴业)银行|(?<![合作承办经商各类关])[㐀-鿿]{2}银行(?![业机贷卡])|银行业?(?:业)?金融机构",
    ),
    (
        r"(?:申报|申请|报名|受理|填报|材料)[^，。？?]{0,10}(?:截止|最晚|最迟|什么时候|啥时候|何时|哪天|几号|几月)|(?:最晚|最迟|截止|什么时候|啥时候|何时|哪天|几号|几月)[^，。？?]{0,6}(?:报名|申报|申请|交材料|提交|报材料)",
        r"(?=.*(?:申报|申请|受理|提交|报送|填报|递交|报名|截止|材料|登录|备案))(?=.*(?:月|季|日|年|天|常年|随时|之前))",
    ),
    # 评估费谁掏, 会咋处罚, 有哪些奖励, 指哪些展会, 按啥标准评, 咋申请: told by the words that such an answer needs.
    (
        r"(?:评估|审计|检测|服务|培训|学|测评|鉴定|登记|手续|评审|检验|认证|运)费[^，。？?]{0,6}(?:谁|哪[家个])[^，。？?]{0,3}(?:掏|出|付|承担|负担|买单|交|给)",
        r"承担|负担|支付|列支|支持|免费|自付|自筹|不收|由[^，。；]{2,16}(?:出|付|安排)|费用由|缴纳|全额",
    ),
    (
        r"(?:会|要|得|被)?(?:怎么|咋|如何)(?:个)?(?:处罚|罚|问责|追责|收拾)|(?:问责|处罚|惩戒|追责)(?:措施|办法|规定)|罚多少|有(?:什么|啥|哪些)(?:后果|处罚)",
        r"罚|责令|取消|追回|收回|退回|退还|撤销|暂停|终止|通报|约谈|失信|追究|问责|整改|警告|吊销|扣减|限制|退出|清退|停止|没收|不得|赔偿|不授|无效|不予|不支持|承担|处分|解除",
    ),
    (
        r"(?:什么|啥|哪些)(?:样的)?(?:奖励|表彰|奖金|奖补)|奖励(?:措施|办法)|奖(?:励)?多少|给多少奖",
        r"奖|给予|补助|表彰|补贴|资助",
    ),
    (
        r"指(?:的是)?(?:什么|啥|哪些)|(?:包括|包含)(?:什么|啥|哪些)|是哪(?:些|几)(?:家|个|种|类|项)?[？?]?$",
        r"指|包括|包含|、|[（(]|名单|目录|附件|如下|[：:]|即|是",
    ),
    (
        r"(?:按|依)(?:照)?(?:什么|啥|哪些|何种)(?:样的)?标准(?:评|打|算|认|定)|(?:怎么|咋|如何)(?:评分|打分|计分|评的|算(?:出来)?的)|(?:得|评|积|打|个)分[^，。？?]{0,6}(?:怎么|咋)(?:算|评|打)|(?:怎么|咋)(?:分配|分)的",
        r"标准|按照?|根据|依据|计算|公式|指标|评分|权重|分值|满分|得分|除以|乘以|之和|比例|比值|比重|是指",
    ),
    (
        r"(?:怎么|咋|如何|怎样)(?:个)?(?:去)?(?:申请|申报|报名|加入|进入|入池|入库|预约|办理)|(?:申请|申报|报名|入池|入库|办理)(?:的)?(?:流程|程序|办法|方式|手续)",
        r"申请|申报|提出|提交|报送|填报|受理|登录|报名|备案|预约|递交|推荐|免申即享|公示|审核",
    ),
    (
        r"(?:上|去|到|在|从)(?:哪儿?|哪里|什么地方|啥地方)(?:去)?(?:报名|申请|申报|办理?|领取?|提交|交|下载|预约|查询?)",
        r"报名|申请|申报|办理|领取|提交|报送|填报|受理|下载|预约|查询|平台|网站|系统|窗口|向[^，。；]{2,20}(?:提出|递交|报|备案)",
    ),
    (
        r"(?:满足|符合|够上|够得上|达到|具备|得有)(?:什么|啥|哪些|哪几)(?:样的)?(?:条件|要求|标准|杠杠|资格)|(?:认定|评定|入选)的?条件|资质[^，。？?]{0,4}(?:要求|条件)",
        r"应当?|具备|具有|符合|满足|不低于|不少于|不超过|不高于|以上|以下|条件|满\d|须|至少|不得|取得|获得|未|无|达到|是指|的企业|的单位|的，",
    ),
    (
        r"(?:中心|窗口|基地|地点|大厅|办公室|(?<!注册)地址|服务站|办事处)[^，。？?]{0,3}(?:在|设在|位于)?(?:哪里|哪儿|什么地方|啥地方|哪个地方|哪条)",
        r"地址|位于|设在|设于|[路街巷道]\d*号|\d+号(?!文)|[楼厦]|所在地",
    ),
    # 由哪家公司托管: departments, and bodies without a name, are none.
    (
        r"(?:哪[一]?(?:家|支|所)|哪几家)[^，。？?]{0,6}(?:公司|机构|事务所|第三方|会计所|服务商|保险公司|担保公司|队伍|研究院|协会|学校|高校|医院)|(?:公司|机构|事务所|第三方|会计所)[^，。？?]{0,4}(?:是|叫)?(?:哪[一]?家|哪几家|哪所)",
        r"(?:(?!第三方|专业|会计师|服务|有关|相关|合作|中介|融资|社会|各类|评估|检测|咨询|担保|保险|运营|承办|托管|测评|评价|金融)[㐀-鿿]){2,}(?:有限公司|公司|集团|研究院|研究所|研究会|协会|学会|商会|联盟|中心|大学|学院|医院)(?!的?服务)|[㐀-鿿]{2,}(?:有限公司|集团)",
    ),
    (
        r"(?:电话|座机|热线|手机号码?)[^，。？?补贴]{0,5}(?:多少|几号|号码|是(?:什么|啥)|几)|电话号码|联系电话|(?:咋|怎么|如何)联系|联系方式",
        r"\d{3,4}[-—－ ]?\d{6,8}|1[3-9]\d{9}|(?<!\d)12\d{3}(?!\d)|(?<!\d)9\d{4}(?!\d)|热线|联系(?:电话|方式|人)",
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
    (
        rf"面额{_ASKED}|多[少大]的?面额|一张(?:券)?(?:能)?(?:抵|值|减|换|顶)?(?:多少|几)",
        r"面额|每张|元券|单张|一张",
    ),
    (rf"(?:总投资|投资总?额){_ASKED}", r"投资"),
    (rf"(?:营收|营业收入|销售额|产值){_ASKED}", r"营收|收入|销售额|产值"),
    (rf"(?:利率|利息){_ASKED}", r"利率|利息|LPR|基点|贴息"),
    (rf"(?:工资|薪水|月薪|年薪|薪酬){_ASKED}", r"工资|薪|报酬|收入"),
    (rf"(?:年费|会费|票价|门票|手续费|接入费|服务费|检测费|押金|保证金){_ASKED}", ""),
)
_FEE = re.compile(r"年费|会费|票价|门票|手续费|接入费|服务费|检测费|押金|保证金")
# 最多几天, 按多少平米算: what is counted must stand in what is cited, and not only as that which one pays by (每平方米).
_COUNTED = re.compile(
    r"(?:多少|(?<=[要需得前多长少共能以补给分管按有是为达够住连放满过])几)个?(平方米|平米|平(?![台均安])|亩|天|工作日|年|小时|公里|千米|吨|户|间|套|辆)(?![前后级度])"
)
_UNITS = {
    "平米": "平方米|平",
    "平": "平方米",
    "天": "日|工作日|自然日|月|年|小时|周",
    "工作日": "日|月|小时",
    "年": "周年|月|月份",
    "公里": "千米",
    "千米": "公里",
}
# 钱什么时候到账, 几天能批下来: what happens then must stand beside a day or a stretch of time.
_WHEN = r"(?:什么时候|啥时候|何时|哪[一]?天|几号|几月|多久|多长时间|几天|多少天|几个工作日|多少个工作日)"
_TIME = re.compile(
    r"[\d一二三四五六七八九十两]\s*个?(?:月|日|天|工作日|年|周|小时)|月底|年底|季度|每[年月季]|当年|次年|及时|即时|当[日天]|随时|常年"
)
_EVENTS = (
    (
        r"到账|打款|拨付|兑现|发放|到手|打过来|发下来|拿到(?:钱|手|补贴|奖金|资金)|给钱",
        r"拨付|兑现|兑付|发放|到账|支付|下达|拨至|拨给|拨到|划拨|划入|汇入|打入|返还|发给",
    ),
    (
        r"公布|公示|出结果|有结果|结果(?:什么|啥|何)|名单",
        r"公布|公示|发布|公告|结果|名单|反馈|告知|通报|通知|决定|批准|许可|审|核",
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
_DAY = re.compile(r"(?:19|20)\d\d年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日")
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
    if _ASKS_MATERIALS.search(asked) and not any(
        Role.MATERIALS in roles_of(text) or _HANDED_IN.search(text) for text in clauses
    ):
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
    return any(figure.search(_DAY.sub("", _EACH.sub("", quote))) for quote in quotes)
