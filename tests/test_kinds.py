import pytest

from chat.kinds import aspects_of, kind_of
from chat.question import Aspect, Kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("到2027年甲省要培育多少家瞪羚企业？", Kind.NUMBER),
        ("小微企业能占几成？", Kind.NUMBER),
        ("申请材料几个工作日内审完？", Kind.DATE),
        ("这项工作由谁负责？", Kind.WHO),
        ("归哪个部门管", Kind.WHO),
        ("鉴定费谁先垫？", Kind.WHO),
        ("有什么支持措施", Kind.MEASURES),
        ("怎么申请贴息", Kind.MEASURES),
        ("什么是瞪羚企业？", Kind.DEFINITION),
        ("需要符合什么条件", Kind.DEFINITION),
        ("什么样的公司才算规上企业？", Kind.DEFINITION),
        ("能不能优先采购", Kind.YES_NO),
        ("外地企业可以申报吗？", Kind.YES_NO),
        ("三包还认不认？", Kind.YES_NO),
        ("甲省和乙省的目标有什么区别", Kind.COMPARISON),
        ("两个文件的目标各是多少", Kind.COMPARISON),
        ("这份通知的文号是什么", Kind.DOCUMENT),
        ("是哪六个部门联合发布的？", Kind.DOCUMENT),
        ("这个办法什么时候失效", Kind.DOCUMENT),
        ("库里收录了哪些政策？", Kind.CORPUS),
        ("库里收了甲省的地方性法规没有", Kind.CORPUS),
        ("支持中小企业创新", Kind.MEASURES),
        ("今天星期一", Kind.OPEN),
    ],
)
def test_kind_of(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("文号是什么", (Aspect.NUMBER,)),
        ("几个部门联合印发的", (Aspect.COUNT_OF_ISSUERS,)),
        ("什么时候印发的", (Aspect.DATE,)),
        ("什么时候到期", (Aspect.VALIDITY,)),
        ("从哪天起施行", (Aspect.EFFECTIVE,)),
        ("是为了落实国家的哪份文件", (Aspect.BASIS,)),
        ("今天天气好", ()),
    ],
)
def test_aspects_of(text: str, aspects: tuple[Aspect, ...]) -> None:
    assert aspects_of(text) == aspects
