"""What a clause is there for: documents of support are built of the same parts, and people ask for one of them.

怎么申请 wants the procedure, 交什么材料 the list of documents, 打哪个电话 the contact; the words of the topic
(安家补贴) stand in all the clauses of the document and do not tell which of them is meant.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a sentence of a policy is there for."""

    BENEFIT = "benefit"  # what is given
    PROCEDURE = "procedure"  # how and where one applies, who examines in how many days
    CONDITIONS = "conditions"  # who may apply, and what for
    MATERIALS = "materials"  # what is handed in
    EXCLUDED = "excluded"  # who or what is not supported
    STACKING = "stacking"  # whether several supports may be had together
    BREACH = "breach"  # what follows on fraud and breach
    FUNDING = "funding"  # who bears the cost
    CONTACT = "contact"  # telephone, address, whom to ask for by name


_ASKED = {
    Role.BENEFIT: r"(?:补|给|奖|贴|扶持|支持|优惠|好处|政策|享受|申请|领|拿)[^，。？?]{0,8}(?:哪些|什么|啥|哪几)(?!时候|材料|条件|资料|流程|程序|手续|部门|样|人|单位)"
    r"|(?:哪些|什么|啥|哪几)[^，。？?]{0,6}(?:补贴|补助|钱|奖励|扶持|优惠|好处|支持)",
    Role.PROCEDURE: r"(?:怎么|如何|怎样|咋|去哪|到哪|在哪|向谁|找谁|向哪)[^，。？?]{0,6}(?:申请|申报|办理|申领|领取?|报名|报(?!告|销|酬)|交材料)|流程|(?<!简易)(?<!普通)程序|手续(?!费)|步骤|怎么走"
    r"|(?:谁|哪里?|哪个部门)[^，。？?]{0,3}(?:审|受理)|(?:审|批|办)(?:核|批|查|下来|完|理)?(?:要|得|需要?)?(?:多久|多少天|几天|多长时间|多少个)",
    Role.CONDITIONS: r"条件|门槛|杠杠|门坎|资格(?!证)|(?:什么样|哪些|哪类|哪种|啥样|什么)的?(?:企业|公司|单位|人|项目|机构|厂|房子)?[^，。？?]{0,4}(?:才?能|可以|才算|算|叫|有资格|够格)|符合(?:什么|哪些)|够格",
    Role.MATERIALS: r"材料|资料(?!库)|要带(?:什么|啥|哪些)|(?:交|(?<!具)备|提供|准备|提交)(?:些|齐)?(?:什么|啥|哪些)(?!时候)",
    Role.EXCLUDED: r"(?:哪些|什么样的?|什么|啥样的?|哪类|哪种|谁)[^，。？?]{0,14}(?:不(?:予|给|能|得|可以|支持|算|享受|纳入|符合|适用)|除外|排除|拿不到|没资格)",
    Role.STACKING: r"重复(?:享受|申报|申请|领|拿|奖|补)|叠加|(?:同时|一起|一块儿?|都)(?:能|可以|可)?(?:享受|领|拿|申请|申报|报)(?![^，。？?]{0,4}(?:哪|什么|啥))|(?:能|可以)(?:同时|一起|都)|兼得",
    Role.BREACH: r"骗|弄虚作假|造假|作假|假材料|虚报|违规|违约|挪用|后果|追回|失信",
    Role.FUNDING: r"(?:钱|资金|经费|费用)[^，。？?]{0,8}(?:从哪|哪里?来|来源|谁出|由谁|谁承担|怎么分担|哪级|分担)|谁(?:来)?(?:出钱|掏钱|买单)",
    Role.CONTACT: r"电话(?!讲|说|来|推销|骗|诈)(?!\s*[:：是为]?\s*[\d［])|号码(?!\s*[:：是为]?\s*\d)|手机号|联系(?:方式|人|谁)|打哪|哪个号|热线|邮箱|地址(?:在哪|是(?:什么|哪|多少)|多少|[？?]|$)|哪条(?:路|街)|微信"
    r"|(?:[局厅市县区司处科]长|主任|书记|领导|经理|董事长|联系人|经办人|负责人)[^，。？?]{0,3}(?:是谁|叫什么|叫啥|哪位|姓什么|姓啥|名字)|(?:组长|召集人)[^，。？?]{0,3}(?:叫什么|叫啥|姓什么|姓啥|名字)",
}
_SAID = {
    Role.BENEFIT: r"给予|补助|补贴|奖励|贴息|资助|奖补|减免|免收|返还|减按|减半|优惠|最高不?超?过?\d",
    Role.PROCEDURE: r"程序|流程|(?:提出|提交|递交|报送|填报|网上)[^。；]{0,12}申[请报]|申[请报][^。；]{0,12}(?:提出|提交|递交|受理)|受理|(?:审核|审查|审定|评审|核查|复核|审批)[^。]{0,40}(?:公示|拨付|日内|上报|下达|报)|(?:免申即享)",
    Role.CONDITIONS: r"(?:符合|具备|满足)[^。；]{0,12}条件|条件[：:。]?$",
    Role.MATERIALS: r"材料|提交[^。]{0,40}(?:表|证明|复印件|合同|执照|报告|凭证)|(?:申请表|申报书|申请书|复印件|营业执照|发票)",
    Role.EXCLUDED: r"不予(?:支持|补助|受理|贴息|认定|奖励|补贴|资助|享受|兑现)|不得(?:申请|享受|申报|认定)|不(?:纳入|享受|属于|适用)|除外|不在[^。]{0,8}范围|不列入|禁止|不得(?!重复)",
    Role.STACKING: r"就高|不重复|不叠加|重复(?:享受|申报|申请|支持|奖励)|叠加|同时享受|只能(?:申请|享受|选择)|(?:最多|至多|只能|只可)[^。]{0,4}(?:申报|申请|享受)[^。]{0,8}(?:个|项|类)",
    Role.BREACH: r"骗取|弄虚作假|虚报|伪造|追回|取消[^。]{0,12}资格|依法(?:处理|追究|处罚)|列入[^。]{0,6}失信|违反本",
    Role.FUNDING: r"(?:资金|经费|费用)[^。]{0,24}(?:承担|分担|列支|安排|保障|负担)|(?:财政|预算)[^。]{0,10}(?:承担|分担|列支)",
    Role.CONTACT: r"\d{3,4}[-—－ ]?\d{7,8}|1[3-9]\d{9}|12345|联系(?:电话|人|方式)|邮箱|[\w.]+@[\w.]+|(?:路|街|大道)\d+号",
}
_TELEPHONE = re.compile(r"\d{3,4}[-—－ ]?\d{7,8}|1[3-9]\d{9}|(?<!\d)(?:12\d{3}|9\d{4})(?!\d)")
_CONTACTS = (
    (re.compile(r"邮箱"), re.compile(r"@")),
    (re.compile(r"地址|哪条(?:路|街)"), re.compile(r"地址|(?:路|街|大道|巷)[^。，]{0,6}\d+号")),
    (re.compile(r"是谁|叫什么|叫啥|哪位|姓什么|姓啥|名字"), re.compile(r"联系人[:： ]|[局厅]长[:： ]")),
    (re.compile(r"手机"), re.compile(r"1[3-9]\d{9}")),
    (re.compile(r"微信"), re.compile(r"微信")),
    (re.compile(r""), _TELEPHONE),
)
_PREAMBLE = re.compile(
    r"^\s*为[^。]{2,80}(?:制定本|特制定|现就|提出如下)|负责解释|自[^。]{0,16}起(?:施行|实施|执行)"
)


# Parts that are no support by themselves. Where one of them is asked for, nothing else answers.
ALONE = frozenset(
    {Role.PROCEDURE, Role.MATERIALS, Role.EXCLUDED, Role.STACKING, Role.BREACH, Role.FUNDING, Role.CONTACT}
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Role, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((role, re.compile(_ASKED[role]), re.compile(_SAID[role])) for role in Role)


def roles_asked(text: str) -> frozenset[Role]:
    """The roles that a question asks for, by its wording in simplified script."""
    return frozenset(role for role, asked, _ in _patterns() if asked.search(text))


@lru_cache(maxsize=20_000)
def roles_of(text: str) -> frozenset[Role]:
    """The roles that a sentence or heading plays; none is common."""
    return frozenset(role for role, _, said in _patterns() if said.search(text))


def is_frame(text: str) -> bool:
    """Whether a sentence is of the frame of a document: why it was made, from when it holds, who explains it."""
    return bool(_PREAMBLE.search(text))


def states_contact(text: str, asked: str) -> bool:
    """Whether a text states the contact that is asked for: a telephone number, an address."""
    return next(said for pattern, said in _CONTACTS if pattern.search(asked)).search(text) is not None
