"""What is asked for by its form must stand in what is cited."""

import pytest

from chat.assistant import Assistant
from chat.verdicts.measured import measured
from corpus.load import parse
from index.build import build_snapshot

CITY = (
    "九江市促进智能制造实施细则\n九府办发〔2026〕3号\n\n"
    "第一条 对企业购置智能设备的，按设备投资额的8%给予补助，单个企业每年最高200万元。\n"
    "第二条 设备补助由市工业和信息化局受理，委托第三方机构开展专项审计，审计费用由市财政承担。\n"
    "第三条 市工业和信息化局牵头建设九江市首贷服务中心，为企业提供贷款咨询。\n"
    "第四条 每年发放数字消费券2000万元，在重要节日集中投放。\n"
    "第五条 租用临时仓库的，按每平方米每月4元给予补助。\n"
    "第六条 企业通过“赣企通”平台提交申请，咨询电话0792-8580000。\n"
    "第七条 设备补助应当于每年3月31日前提出申请，市工业和信息化局在20个工作日内完成审核，审核结果公示7日。\n"
    "第八条 接入“云上九江”平台的企业，应当按月报送数据。\n"
    "第九条 到2028年，培育智能工厂60家，基本形成智能制造新格局。\n\n九江市人民政府办公室\n2026年1月20日\n"
)


@pytest.fixture(scope="module")
def assistant(embedder) -> Assistant:
    return Assistant(build_snapshot([parse("市.txt", CITY)], embedder))


@pytest.mark.parametrize(
    "text",
    [
        "九江设备补助的专项审计由哪家公司来做？",
        "九江首贷服务中心几点上班？",
        "九江首贷服务中心的地址在哪里？",
        "九江数字消费券在哪个App上抢？",
        "九江租用临时仓库最多按多少平米补？",
        "九江数字消费券一张多少面额？",
        "九江培育60家智能工厂归哪个部门管？",
        "九江到2028年培育智能工厂的目标由谁负责？",
    ],
)
def test_a_clause_on_the_matter_that_lacks_the_form_is_no_answer(assistant, text):
    assert assistant.ask(text).refused


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("九江设备补助的专项审计费用谁来承担？", "市财政"),
        ("九江设备补助在哪个平台提交申请？", "赣企通"),
        ("九江的设备补助几天能审完？", "20个工作日"),
        ("九江设备补助什么时候申请截止？", "3月31日"),
        ("九江设备补助最高多少钱？", "200万元"),
    ],
)
def test_what_has_the_form_is_told(assistant, text, holds):
    answer = assistant.ask(text)
    assert not answer.refused
    assert holds in "".join(s.text for s in answer.statements)


def test_no_yes_from_a_sentence_that_does_not_say_what_is_asked(assistant):
    answer = assistant.ask("接入云上九江平台的企业，要交年费吗？")
    assert answer.refused or answer.statements[0].text not in ("是", "有")


@pytest.mark.parametrize(
    ("asked", "told", "said", "held"),
    [
        (
            "去年研发费用2300万元，设备原值三千多万。研发费用够不够？",
            "",
            "上一年度研发费用支出不低于2500万元",
            "去年研发费用2300万元，设备原值。研发费用够不够？",
        ),
        (
            "这个容量够资格吗？",
            "厂里配的用户侧储能装机1.5兆瓦时，今年投的运。",
            "对装机容量2兆瓦时以上的用户侧储能项目给予补助",
            "厂里配的用户侧储能装机1.5兆瓦时，这个容量够资格吗？",
        ),
        ("能申请吗？", "八十来人。", "按投资额的8%给予补助", "能申请吗？"),
    ],
)
def test_the_figure_of_the_same_measure_decides(asked, told, said, held):
    assert measured(asked, told, said) == held


def test_departments_alone_are_no_answer(policies):
    assert Assistant(policies).ask("携手行动里首台套的中小企业产品归哪些部门推？").refused


def test_a_sentence_far_behind_is_not_told_for_its_words_though_materials_are_named(embedder):
    text = (
        "戊市设计中心认定办法\n戊工信〔2026〕9号\n\n"
        "第一条 设计中心应当向市工业和信息化局提交申请材料，市工业和信息化局于当年7月31日前提出名单。\n"
        "第二条 有下列情形之一的，撤销设计中心称号：\n（一）提供虚假材料的；\n（二）不参加复核的。\n"
        "因前款第一项原因被撤销称号的，四年内不得再次申报；因第二项原因被撤销称号的，两年内不得再次申报。\n\n"
        "戊市工业和信息化局\n2026年1月20日\n"
    )
    answer = Assistant(build_snapshot([parse("市.txt", text)], embedder)).ask(
        "设计中心提供假材料被撤了几年不能再报"
    )
    told = "".join(statement.text for statement in answer.statements)
    assert "四年内不得再次申报" in told
    assert "7月31日" not in told
