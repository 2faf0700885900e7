"""Ways of asking that are telling by themselves: clues for the classifier, none of which decides alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from chat.question import Kind


@dataclass(frozen=True)
class Clue:
    """An expression, and the kind of answer that it speaks for."""

    name: str
    kind: Kind
    expression: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled; it is searched in a question whose titles, quotations and numbers are folded."""
        return re.compile(self.expression)


_BODY = r"(?:部门|单位|机构|部委|厅局|委办|机关)"
_WHEN = r"(?:什么时候|什么时间|何时|啥时候|哪一?年|哪一?天|哪日|几号|几月|多久前|啥时)"
_ISSUES = r"(?:发布|印发|出台|制定|颁布|公布|发文|下发|联合|发的|出的|定的|盖的?章)"
_PAPER = r"(?:文件|政策|法规|条例|办法|规定|意见|通知|法律|资料|文档|细则|方案)"

CLUES = (
    # what the corpus holds, what the system is
    Clue(
        "holdings",
        Kind.CORPUS,
        r"(收录|收了|收进|入库|存了|收没收|库里|库内|库中|知识库|资料库|数据库|你这儿?里?|你们这|系统里|平台里?|手头)",
    ),
    Clue(
        "which_held",
        Kind.CORPUS,
        rf"(收录|收了|收|存|有)了?.{{0,10}}(哪|什么|啥|多少|几).{{0,6}}({_PAPER}|省|地区|份|部)",
    ),
    Clue("any_held", Kind.CORPUS, rf"(收录?|入库|有)了?.{{0,14}}{_PAPER}?(没有|没|吗|么|不)$"),
    Clue("how_many_papers", Kind.CORPUS, r"(几|多少)(份|部|篇|件|个)(政策|法规|文件|法律|文)"),
    Clue("you_can", Kind.CORPUS, r"^(你|您|你们|系统|本?平台|条问)?(都|还)?(能|可以|会|支持)"),
    Clue("who_are_you", Kind.CORPUS, r"(你|您)(是|叫)(谁|什么|啥|干|做|个)|怎么用(你|这)|^你(们)?的?"),
    # comparisons
    Clue("compare", Kind.COMPARISON, r"对比|比较(?!好|大|高|多|优势|难|麻烦)|相比|比一比|比比|相较"),
    Clue(
        "differ",
        Kind.COMPARISON,
        r"区别|差别|差异|差距|区分|异同|不同|不一样|两样|出入|差(在哪|几|多少)|变化|变没变|改了",
    ),
    Clue("alike", Kind.COMPARISON, r"一样|相同|一致|冲突"),
    Clue(
        "which_more",
        Kind.COMPARISON,
        r"(谁|哪个|哪边|哪家|哪一个|哪种|哪头|哪儿).{0,12}(更|多|高|大|早|少|严|宽|快|慢|长|短|狠|便宜|划算|好|松|合算|低|重|轻)(?!久)",
    ),
    Clue("than", Kind.COMPARISON, r".{2,}比.{2,}(多|高|大|少|低|严|长|短|早|晚)"),
    Clue(
        "respectively",
        Kind.COMPARISON,
        r"分别[^，。？]{0,8}(多少|什么|啥|哪|怎|规定|几|谁|要)|各(是|有|要|需|应|得|归|由|自)?.{0,4}(多少|什么|啥|几|谁)",
    ),
    Clue(
        "two_sides",
        Kind.COMPARISON,
        r".{2,}(和|与|跟|同|还是|、).{2,}(哪个|谁|哪家|哪边|区别|不同|有什么不|两者|二者)",
    ),
    # documents themselves
    Clue(
        "number_asked",
        Kind.DOCUMENT,
        r"文号|字号|文件号|编号|几号[文令]|多少号|(第|是|哪一?个?)(几|多少|几十)?号(文|令|公告)?(?!开|起|前)|号(文|令)?是?(啥|什么|多少)",
    ),
    Clue("number_named", Kind.DOCUMENT, r"〔0〕|0号(文|令)?"),
    Clue(
        "title_asked",
        Kind.DOCUMENT,
        rf"全称|全名|标题|题目|{_PAPER}的?(名称|名字|叫)|叫什么名|叫啥|叫什么$|名字|是(个|份)?(什么|啥){_PAPER}$|是哪(个|份|部|一个|一份|一部)({_PAPER}|法)",
    ),
    Clue("this_document", Kind.DOCUMENT, rf"(这|该|本|此|那)(个|份|部|项|篇)?{_PAPER}|^(它|这个?|该)"),
    Clue("titled", Kind.DOCUMENT, r"《"),
    Clue(
        "which_document",
        Kind.DOCUMENT,
        rf"(哪|什么|啥)(些|个|份|部|一个|一份|一部|几份|几部)?(国家|上级|上头|中央|省里?|旧|老|上位)?的?({_PAPER}|法|文|规划)",
    ),
    Clue(
        "issued_by",
        Kind.DOCUMENT,
        rf"(谁|哪些?|什么|啥|哪几个|几个|几家|多少个?|哪[一二三四五六七八九十0]+个?|哪家|哪里|由).{{0,3}}{_BODY}?(一起|共同|一块儿?|合)?{_ISSUES}",
    ),
    Clue("issuer_word", Kind.DOCUMENT, r"(发文|发布|制定|印发|颁布|出台|落款)的?(机关|单位|部门|机构|主体)"),
    Clue(
        "issuers_counted",
        Kind.DOCUMENT,
        rf"(几|多少)(个|家)?{_BODY}?.{{0,3}}(联合|一起|共同|一块|合|会签|{_ISSUES})",
    ),
    Clue(
        "issued_when",
        Kind.DOCUMENT,
        rf"{_WHEN}.{{0,4}}(发布|印|出台|发文|成文|下发|公布|颁布|发的|出的|发(?!生|放|现|给|工资))",
    ),
    Clue(
        "issue_date_word",
        Kind.DOCUMENT,
        r"(发布|印发|出台|成文|公布|颁布|发文|落款)的?(日期|时间|年份|于哪|于何)|落款(?:是|写的?是?|为)?(?:几号|几月|哪天|哪一天|什么时候|啥时候)",
    ),
    Clue(
        "issued_earlier",
        Kind.DOCUMENT,
        r"(发布|印发|出台|成文|公布|发)得?(更|较|比较)?(早|晚|先|后)|(先|后)(发|印|出台)",
    ),
    Clue(
        "effective_when",
        Kind.DOCUMENT,
        rf"{_WHEN}.{{0,6}}(施行|实施|生效|执行|算数|管事|管用)|(施行|实施|生效|执行)的?(日期?|时间)",
    ),
    Clue(
        "in_force",
        Kind.DOCUMENT,
        r"失效|作废|管用|算数|作数|还?在用|现行|效力|停用|(废|过期)(了|没|止)|(还|仍|是否|现在|目前)(还)?在?(有效|执行|生效)",
    ),
    Clue("validity_word", Kind.DOCUMENT, r"有效期|执行期|实施期|行动期|规划期|试点期|试行"),
    Clue("expires_when", Kind.DOCUMENT, rf"{_WHEN}.{{0,4}}(失效|到期|过期|作废|废止|结束|截止)|到期"),
    Clue(
        "term_of_plan",
        Kind.DOCUMENT,
        r"(实施|行动|计划|规划)(的)?(期限|期|周期|年限)|(哪|几)(几)?年到(哪|几)年",
    ),
    Clue(
        "basis",
        Kind.DOCUMENT,
        r"(依据|根据|落实|贯彻|承接|参照|按照|依照|为了)(的是|的)?(是)?(哪|什么|何|国家哪|啥|上)|上位|(制定|立法)(的)?(依据|根据)",
    ),
    Clue("basis_word", Kind.DOCUMENT, r"依据|落实|贯彻|承接"),
    Clue(
        "replaces",
        Kind.DOCUMENT,
        r"(废止|取代|代替|替代|替|废)(了|掉)?(的|是)?(哪|什么|谁|啥)|(哪|什么|啥|原|旧|老|先前|以前).{0,14}(废|取代|代替|替代|停用|停止执行|替掉|作废|顶替)",
    ),
    Clue("articles_counted", Kind.DOCUMENT, r"(多少|几)(个)?(条|章|部分|条款|条文|章节)|条数|条款数"),
    Clue(
        "level",
        Kind.DOCUMENT,
        r"(哪|什么|啥)(一)?个?(级|层级|层面)(别)?的?(文件|政策)?$|属于(国家|省|地方|哪)|级别|层级|规章还是|文件还是",
    ),
    Clue("interpreter", Kind.DOCUMENT, r"(归|由|谁|哪.{0,4}|负责|具体)解释|解释(权|单位|机关|归|工作)"),
    # who
    Clue("who", Kind.WHO, r"谁"),
    Clue("which_body", Kind.WHO, rf"(哪|什么|啥|几|多少)(些|个|几个|家|几家|一家|一个)?的?{_BODY}"),
    Clue(
        "which_office",
        Kind.WHO,
        r"(哪|什么|啥)(些|个|几个|家)?(厅|局|委|部|办|政府|科|处|站|所|中心|法院)(门)?",
    ),
    Clue(
        "duty",
        Kind.WHO,
        r"负责|牵头|主管|分管|监管|归口|配合|承担|落实|管(?!用|理办法)|执法|监督|主抓|审批|认定",
    ),
    Clue(
        "duty_body",
        Kind.WHO,
        rf"(牵头|责任|主管|负责|配合|分管|监管|执法|审批|受理|认定)的?(是|有)?({_BODY}|方|人)",
    ),
    Clue(
        "by_whom",
        Kind.WHO,
        r"由(谁|哪)|归(谁|哪|什么|啥)|找(谁|哪|什么|啥)|向(谁|哪)|跟谁|问谁|听谁|去哪|到哪|哪里(受理|投诉|举报)|往哪|上哪",
    ),
    Clue("phone", Kind.WHO, r"(哪个?|什么|啥)的?电话|打给?(谁|哪)|热线"),
    Clue("role_words", Kind.WHO, r"(召集人|责任人|负责人|主体|委员会|组长|职位)(是|有|由|包括)"),
    # dates and durations
    Clue("when", Kind.DATE, _WHEN),
    Clue("deadline", Kind.DATE, r"截止|最晚|最迟|最早|时限|期限|时间节点|窗口|逾期|过期"),
    Clue(
        "how_long",
        Kind.DATE,
        r"多久|多长时间|多长|多少时间|(几|多少)个?(年|月|天|日|工作日|小时|钟头|分钟|礼拜|星期|周|季度|学年)(?!龄)",
    ),
    Clue(
        "time_word",
        Kind.DATE,
        r"(开始|完成|结束|申报|起算)(的)?(时间|日期)|几点|几时|周期|频次|多久一次|间隔",
    ),
    Clue("by_when", Kind.DATE, r"(之前|以前|以内|之内|起|到|至)(要|得|必须|应)?$"),
    # yes or no
    Clue("ending_particle", Kind.YES_NO, r"(吗|嘛|不|没|没有|否|不了|么)$"),
    Clue("part_particle", Kind.YES_NO, r"(吗|嘛|不|没|没有|否|不了)[，,？?。！!；;]"),
    Clue(
        "whether",
        Kind.YES_NO,
        r"是否|是不是|能不能|可不可以|能否|可否|会不会|需不需要|要不要|算不算|行不行|该不该|应不应|合不合|违不违|允不允|对不对|真的假的|有无必要|可行否",
    ),
    Clue("a_not_a", Kind.YES_NO, r"([一-龥])不\1|([一-龥])没\2"),
    Clue("may", Kind.YES_NO, r"(可以|能|允许|合法|犯法|违法|违规|合规|算|属于|需要|必须|一定)"),
    Clue("there_be", Kind.YES_NO, r"有没有|有无|没有(?!$)"),
    Clue("rhetorical", Kind.YES_NO, r"(凭什么|难道|就要|就得|是吧|对吧|吧$|拿它没)"),
    # numbers
    Clue("how_much", Kind.NUMBER, r"多少(?!个?(年|月|天|日|工作|小时|部门|单位|时间))"),
    Clue(
        "how_many",
        Kind.NUMBER,
        rf"(?<!哪)几(回|家|个(?!{_BODY}|月|工作|小时|钟)|项|名|人|户|条|种|类|次|倍|成|万|千|百|亿|所|批|件|台|套|元|块|份|折|分|毛|点|位|辆|吨|度|平|处)",
    ),
    Clue("rate", Kind.NUMBER, r"占比|比例|百分(之|比)|几成|几个点|折扣|税率|费率|利率|增速"),
    Clue(
        "amount",
        Kind.NUMBER,
        r"金额|额度|数量|总量|总数|指标|上限|下限|最高|最低|封顶|最多|最少|起征点|标准是|(多大|多高|多重|多宽|多远)(?!规模)",
    ),
    Clue("target_value", Kind.NUMBER, r"目标(数|值)?(是|有|定|为|呢)?(多少|$)"),
    Clue("fine", Kind.NUMBER, r"罚(多少|款多少|几|款)"),
    # definitions and conditions
    Clue(
        "meaning",
        Kind.DEFINITION,
        r"什么意思|啥意思|是指|指的是|指(什么|啥|谁|哪)|定义|含义|概念|什么叫|啥叫|何为|何谓|什么是|啥是|是什么$|是啥$|是个?(什么|啥)(东西|玩意|概念)?$|咋回事|怎么解释|怎么理解|界定|所谓|啥讲究",
    ),
    Clue(
        "conditions",
        Kind.DEFINITION,
        r"条件|资格|门槛|标准|(符合|满足|具备|达到)(什么|哪些|啥|怎样)|才(算|能|可以|行|够)|够格|硬杠",
    ),
    Clue(
        "what_sort",
        Kind.DEFINITION,
        r"(什么样|啥样|怎样|何种|哪种|哪类|哪些|哪几类|啥)的?(企业|公司|单位|人员|人(?!才)|情形|情况|项目|行为|商家|产品)",
    ),
    Clue("scope", Kind.DEFINITION, r"范围|对象|类型|哪几类|哪几种|包括|构成|要件|特征|含不含|包含"),
    Clue("quoted_word", Kind.DEFINITION, r"[“\"「『‘]"),
    # measures
    Clue("what", Kind.MEASURES, r"什么|啥|哪些|哪几"),
    Clue("how", Kind.MEASURES, r"怎么|怎样|如何|咋|怎"),
    Clue(
        "support", Kind.MEASURES, r"支持|优惠|扶持|帮扶|好处|补贴|奖励|补助|甜头|照顾|帮(什么|啥|助|忙)|政策"
    ),
    Clue(
        "measures",
        Kind.MEASURES,
        r"措施|办法|手段|任务|重点|原则|要求|义务|职责|权利|责任|规定|目标|程序|流程|步骤|材料|手续|内容",
    ),
    Clue(
        "how_to",
        Kind.MEASURES,
        r"(怎么|如何|怎样|咋)(才)?(办|弄|申请|申报|处理|处罚|维权|办理|报|做|领|搞|操作|罚|保护|建立|落实|加强)",
    ),
    Clue("list", Kind.MEASURES, r"列出|列举|列一|一一|逐条|有何|都有|具体有"),
    # anything about a subject
    Clue(
        "summarise",
        Kind.OPEN,
        r"介绍|讲讲|说说|概括|总结|概述|聊聊|谈谈|大概|梗概|主要(讲|内容|说)|讲了|说了|写了|讲的|说的|评价|看法|怎么看|觉得",
    ),
    Clue("chat", Kind.OPEN, r"^(你好|您好|谢谢|在吗|哈喽|嗨)|天气|笑话|烦"),
)
