"""What a text counts to a thing, and answers to questions on it."""

import pytest

from chat.members import asks_members, tells_members

TEXT = """丁市优质中小企业培育办法
丁工信〔2026〕3号

第一条 为促进中小企业发展，加快培育以创新型企业、专精特新企业和小巨人企业为代表的优质中小企业，制定本办法。
第二条 市工业和信息化局每年组织优质中小企业的评价，评价结果向社会公布。
第三条 对首次入选的优质中小企业，按其研发投入的5%给予补助，最高50万元。

丁市工业和信息化局
2026年4月1日
"""


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ("优质企业包括哪几类", True),
        ("优质企业有哪些类型", True),
        ("什么企业算优质企业", True),
        ("优质企业分为哪些层次", True),
        ("优质企业的补助有哪些", False),
        ("申请要交哪些材料", False),
    ],
)
def test_who_asks_what_belongs_to_a_thing(asked, members) -> None:
    assert asks_members(asked) is members


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("加快培育以小巨人企业、单项冠军企业为代表的优质企业。", True),
        ("优质企业包括小巨人企业和单项冠军企业。", True),
        ("优质企业梯队分为三个层次、五个档次。", True),
        ("围绕优质企业开展服务，打造名片。", False),
        ("以数字化为代表的新技术，服务优质企业。", False),
    ],
)
def test_what_tells_members(text, told) -> None:
    assert tells_members(text, ["优质企业"]) is told


def test_the_sentence_that_counts_them_answers(assistant_of) -> None:
    answer = assistant_of(TEXT).ask("丁市说的优质中小企业包括哪几类？")
    assert not answer.refused
    assert "创新型企业、专精特新企业和小巨人企业" in answer.statements[0].text
    assert len(answer.citations) == 1
