"""Clause trees of invented policies in many layouts, and the finding of single clauses."""

import json
from pathlib import Path

import pytest

from corpus.departments import read_list
from corpus.labels import Kind, joined, label_at, numeral
from corpus.load import load_document, parse

LAYOUTS = Path(__file__).parent / "expected" / "layouts"
FILES = sorted(path for path in LAYOUTS.iterdir() if path.suffix != ".json")


def duties(clause) -> str:
    by_role: dict[str, list[str]] = {}
    for department in clause.departments:
        by_role.setdefault(department.role, []).append(department.name)
    return ";".join(f"{role}:{'、'.join(names)}" for role, names in by_role.items())


def tree(source: str) -> list[tuple[str, str, str]]:
    return [(clause.part, clause.label, clause.heading) for clause in parse("x.txt", source).clauses]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_layout(path):
    document = load_document(path)
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = [[c.part, c.label, c.heading, duties(c)] for c in document.clauses]
    assert found == [row[:4] for row in wanted["clauses"]]
    for clause, row in zip(document.clauses, wanted["clauses"], strict=True):
        assert clause.text.startswith(row[4]), clause.id
        assert clause.text.endswith(row[5]), clause.id
    for words in wanted["gone"]:
        assert words not in document.text
    for field in ("title", "number", "level", "region", "traditional"):
        assert getattr(document, field) == wanted[field], field
    assert list(document.issuers) == wanted["issuers"]
    assert list(document.cites) == wanted["cites"]
    for field in ("issued_on", "valid_from", "valid_until", "period"):
        value = getattr(document, field)
        assert (None if value is None else str(value)) == wanted[field], field


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_layout_keeps_every_character(path):
    document = load_document(path)
    assert "".join(document.text[c.start : c.end] for c in document.clauses) == document.text
    places = [*map(int, document.offsets), *(i for r in document.removed for i in range(r.start, r.end))]
    assert sorted(places) == list(range(len(document.source)))


def test_there_are_more_than_a_dozen_layouts():
    assert len(FILES) == len(list(LAYOUTS.glob("*.json"))) == 19


# --- labels


@pytest.mark.parametrize(
    ("text", "value"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("一百〇五", 105), ("一百二十", 120), ("一千二百六十", 1260), ("一千零一", 1001), ("二〇", 20), ("两百", 200), ("１２", 12), ("7", 7)],
)  # fmt: skip
def test_numerals(text, value):
    assert numeral(text) == value


def test_no_numeral():
    with pytest.raises(ValueError, match="not a numeral"):
        numeral("甲")


@pytest.mark.parametrize(
    ("line", "kind", "part"),
    [
        ("第一千二百六十条 本法自公布之日起施行。", Kind.ARTICLE, "第一千二百六十条"),
        ("第一百二十条之一　为他人提供帮助的", Kind.ARTICLE, "第一百二十条之一"),
        ("第 三 章 总 则", Kind.CHAPTER, "第三章"),
        ("第二分编 通则", Kind.SUBBOOK, "第二分编"),
        ("第三节 担保", Kind.SECTION, "第三节"),
        ("第一部分 发展基础", Kind.BOOK, "第一部分"),
        ("第二十八条 中国人民解放军", Kind.ARTICLE, "第二十八条"),
        ("行动一:挖掘模式", Kind.ACTION, "行动一"),
        ("一、总体要求", Kind.ITEM, "一"),
        ("十一．加强保障", Kind.ITEM, "十一"),
        ("一、三年行动", Kind.ITEM, "一"),
        ("(二\u00a0)单项冠军", Kind.PAREN, "（二）"),
        ("（十一）提升", Kind.PAREN, "（十一）"),
        ("1.推动", Kind.DIGIT, "1"),
        ("１．推动", Kind.DIGIT, "1"),
        ("1、申请", Kind.DIGIT, "1"),
        ("1.2021年起", Kind.DIGIT, "1"),
        ("2.1.3 编制依据", Kind.DECIMAL, "2.1.3"),
        ("(1)甲", Kind.DIGIT_PAREN, "（1）"),
        ("1)甲", Kind.DIGIT_PAREN, "1）"),
    ],
)
def test_labels(line, kind, part):
    label = label_at(line)
    assert label is not None
    assert (label.kind, label.part) == (kind, part)


@pytest.mark.parametrize(
    "line",
    [
        "第三条规定的专项资金", "第二条第一款规定", "第三条和第四条", "第四条之规定", "（一）项规定的企业", "（一）至（三）项", "一是加强领导", "第一，加强领导", "2021年10月22日",
        "1.5亿元", "3.2%", "二、三等奖", "一、二级市场", "第一章的规定，", "①甲", "十四五规划", "总体要求", "",
    ],
)  # fmt: skip
def test_no_labels(line):
    assert label_at(line) is None


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("二", "（一）", "1"), "二、（一）1"),
        (("二", "行动一", "（一）"), "二、行动一（一）"),
        (("九",), "九"),
        (("三", "2", "（1）"), "三、2（1）"),
        (("第二章", "第十二条"), "第十二条"),
        (("第一编", "第二章", "第三节"), "第一编第二章第三节"),
        (("2", "2.1", "2.1.3"), "2.1.3"),
    ],
)
def test_joined_labels(path, label):
    assert joined(path) == label


# --- trees


def labels(source: str) -> list[str]:
    return [clause.label for clause in parse("x.txt", source).clauses]


def test_numbering_that_restarts_and_numbering_that_runs_on():
    assert labels("一、甲\n（一）乙。\n（二）丙。\n二、丁\n（三）戊。\n（四）己。\n三、庚\n（一）辛。") == [
        "一", "一、（一）", "一、（二）", "二", "二、（三）", "二、（四）", "三", "三、（一）",
    ]  # fmt: skip


def test_sub_levels_under_one_item_only():
    assert labels("一、甲。\n二、乙。\n1.丙。\n2.丁。\n三、戊。") == ["一", "二", "二、1", "二、2", "三"]


def test_digits_above_bracketed_numerals():
    assert labels("1.甲\n（一）乙。\n（二）丙。\n2.丁\n（一）戊。\n（二）己。") == [
        "1", "1（一）", "1（二）", "2", "2（一）", "2（二）",
    ]  # fmt: skip


def test_a_number_that_comes_twice_keeps_ids_apart():
    document = parse("x.txt", "一、甲。\n（一）乙。\n（一）丙。\n二、丁。")
    assert [clause.id for clause in document.clauses] == [
        "notice.一",
        "notice.一.（一）",
        "notice.一.（一）~2",
        "notice.二",
    ]


def test_ids_stay_when_other_clauses_change():
    before = parse("x.txt", "一、甲。\n二、乙\n（一）丙。\n（二）丁。")
    after = parse("x.txt", "一、甲。戊己。\n二、乙\n（一）丙。\n（二）丁。\n（三）庚。\n三、辛。")
    assert {clause.id for clause in before.clauses} <= {clause.id for clause in after.clauses}


def test_leads_and_closings_have_the_path_of_their_parent():
    document = parse(
        "x.txt",
        "为了发展，制定本办法。\n一、甲\n到2025年，建成十家。\n（一）乙。支持创新。\n（二）丙。支持融资。\n上述政策由市财政局落实。\n二、丁。做好服务。\n本办法自2022年1月1日起施行。",
    )
    assert [(clause.label, clause.path) for clause in document.clauses] == [
        ("前言", ()),
        ("一", ("一",)),
        ("前言", ("一",)),
        ("一、（一）", ("一", "（一）")),
        ("一、（二）", ("一", "（二）")),
        ("结语", ("一",)),
        ("二", ("二",)),
        ("结语", ()),
    ]


def test_paragraphs_of_the_last_article_stay_with_it():
    document = parse(
        "x.txt", "第一章 甲\n第一条 乙。\n第二条 丙。\n前款所称丙，是指丁。\n第二章 戊\n第三条 己。"
    )
    assert document.clauses[2].text == "第二条 丙。\n前款所称丙，是指丁。"
    assert [clause.label for clause in document.clauses] == ["第一章", "第一条", "第二条", "第二章", "第三条"]


def test_a_reference_at_a_line_start_is_no_article():
    source = "第一条 甲。\n依照\n第一条的规定办理。\n第二条 乙，\n第一条 规定的除外。\n第三条 丙。"
    assert labels(source) == ["第一条", "第二条", "第三条"]


def test_an_article_inserted_between_others():
    assert labels("第一条 甲。\n第二条 乙。\n第二条之一 丙。\n第三条 丁。") == [
        "第一条",
        "第二条",
        "第二条之一",
        "第三条",
    ]


def test_interpretations_group_articles_under_items():
    source = "一、一般规定\n第一条 甲。\n第二条 乙：\n一、丙；\n二、丁。\n二、合同的订立\n第三条 戊。"
    document = parse("x.txt", source)
    assert [clause.label for clause in document.clauses] == ["一", "第一条", "第二条", "二", "第三条"]
    assert document.clauses[2].path == ("一", "第二条")


def test_a_figure_at_a_line_start_is_no_decimal_number():
    assert labels("一、甲\n园区周边\n1.5公里范围内禁止新建。\n二、乙。") == ["一", "二"]


def test_rows_of_a_table_are_no_clauses():
    assert labels("一、标准\n1、甲 | 100\n2、乙 | 200\n二、附则") == ["一", "二"]


def test_bullets_and_ordinals_are_no_clauses():
    assert labels("一、甲。\n第一，乙。\n一是丙。\n①丁。\n●戊。\n二、己。") == ["一", "二"]


# --- headings


def headings(source: str) -> list[str]:
    return [heading for _, label, heading in tree(source) if label not in ("前言", "结语", "版头", "落款")]


def test_headings_alone_run_together_and_none():
    assert headings("一、总体要求\n甲。\n二、加强领导。成立专班。\n三、对新认定的企业给予100万元奖励。其余不变。\n四、支持对象：中小企业。") == [
        "总体要求", "加强领导", "", "支持对象",
    ]  # fmt: skip


def test_a_heading_below_its_label():
    document = parse("x.txt", "第一章\n总 则\n第一条 甲。\n第二条 乙。")
    assert [(clause.label, clause.heading) for clause in document.clauses][0] == ("第一章", "总则")


def test_a_heading_without_its_departments():
    assert headings("一、加强领导（市工信局牵头）\n1.甲。\n2.乙。")[0] == "加强领导"


# --- parts


def test_the_annex_of_a_notice_that_wraps_it_over_two_lines():
    document = parse(
        "x.txt",
        "关于印发《某某市支持企业发展若干措施》的通知\n各县人民政府：\n现印发给你们。\n某某市人民政府\n2022年1月5日\n某某市支持企业发展\n若干措施\n一、甲。\n二、乙。",
    )
    assert [(clause.part, clause.label) for clause in document.clauses] == [
        ("notice", "版头"), ("notice", "前言"), ("notice", "落款"), ("annex", "版头"), ("annex", "一"), ("annex", "二"),
    ]  # fmt: skip
    assert document.clauses[3].text == "某某市支持企业发展\n若干措施"


def test_a_list_of_annexes_is_no_annex():
    source = "关于申报的通知\n各县财政局：\n一、甲。\n附件：1.申报表\n2.汇总表\n某某市财政局\n2022年1月5日"
    assert [(clause.part, clause.label) for clause in parse("x.txt", source).clauses] == [
        ("notice", "版头"), ("notice", "一"), ("notice", "落款"),
    ]  # fmt: skip


def test_signatures_in_several_forms():
    for signature in (
        "某某市财政局\n2022年1月5日",
        "某某市财政局 2022年1月5日",
        "二〇二二年一月五日",
        "某某市财政局　某某市商务局\n2022年1月5日\n抄送：市委办公室。",
        "某某市财政局\n2022年1月5日\n（本文有删减）",
    ):
        document = parse("x.txt", f"一、甲乙。\n二、丙丁。\n{signature}")
        assert [clause.label for clause in document.clauses] == ["一", "二", "落款"], signature
        assert document.issued_on is not None
        assert str(document.issued_on) == "2022-01-05"


# --- departments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "工业和信息化部牵头、相关部门按照职责分工负责、有关行业协会配合相关工作",
            "牵头:工业和信息化部;负责:相关部门;配合:有关行业协会",
        ),
        ("省经济和信息化厅牵头，各单位按职责分工负责", "牵头:省经济和信息化厅;负责:各单位"),
        ("省商务厅、省国资委等单位按职责分工负责", "负责:省商务厅、省国资委"),
        ("省地方金融管理局、湖北证监局按职能分工负责", "负责:省地方金融管理局、湖北证监局"),
        ("牵头单位：市发改委；配合单位：市财政局、市科技局", "牵头:市发改委;配合:市财政局、市科技局"),
        ("牵头单位：市金融局 责任单位：人行郑州中心支行", "牵头:市金融局;负责:人行郑州中心支行"),
        ("市人力资源和社会保障局会同市财政局负责", "负责:市人力资源和社会保障局、市财政局"),
        ("科技部和财政部负责", "负责:科技部、财政部"),
        ("住房和城乡建设部、文化和旅游部负责", "负责:住房和城乡建设部、文化和旅游部"),
        ("各市、县人民政府负责", "负责:各市、县人民政府"),
        ("各县（市、区）人民政府，市直有关部门按职责分工负责", "负责:各县（市、区）人民政府、市直有关部门"),
        ("工信、财政等部门按职责分工负责", "负责:工信、财政"),
        (
            "市场监管总局、工业和信息化部等国务院相关部门按职责分工负责",
            "负责:市场监管总局、工业和信息化部、国务院相关部门",
        ),
        ("省教育厅、高等院校等单位负责", "负责:省教育厅、高等院校"),
        ("市工信局、市财政局", "负责:市工信局、市财政局"),
        ("市工信局负责，2023年底前完成", "负责:市工信局"),
        ("局", ""),
        ("市、区", ""),
        ("2022-2025年", ""),
        ("鄂政办发〔2020〕19号", ""),
        ("企业服务中心＋企业公共服务平台", ""),
        ("中小企业无法提供的商品和服务除外", ""),
        ("以下简称“小巨人”企业", ""),
        ("加快推进", ""),
        ("包括研究院、技术中心", ""),
    ],
)
def test_lists_of_departments(text, found):
    by_role: dict[str, list[str]] = {}
    for department in read_list(text, bare=True).departments:
        by_role.setdefault(department.role, []).append(department.name)
    assert ";".join(f"{role}:{'、'.join(names)}" for role, names in by_role.items()) == found


def test_a_rule_for_what_follows():
    text = "省工信厅牵头，以下任务均由各市、县人民政府负责落实，不再逐一列出"
    found = read_list(text)
    assert [item.name for item in found.departments] == ["省工信厅"]
    assert [item.name for item in found.rule_departments] == ["各市、县人民政府"]
    assert found.rule is not None
    assert text[slice(*found.rule)] == "以下任务均由各市、县人民政府负责落实，不再逐一列出"


def test_departments_in_the_middle_of_a_sentence_are_no_list():
    document = parse(
        "x.txt", "一、由市工信局（市中小企业局）会同各部门推进，支持企业（含个体户）发展。\n二、乙。"
    )
    assert document.clauses[0].departments == ()


def test_departments_on_a_line_of_their_own_belong_to_the_clause_above():
    document = parse(
        "x.txt",
        "一、甲\n（一）乙。开展试点。\n责任单位：市工信局\n（二）丙。扩大规模。\n（市商务局牵头）\n二、丁。",
    )
    assert [duties(clause) for clause in document.clauses] == ["", "负责:市工信局", "牵头:市商务局", ""]
