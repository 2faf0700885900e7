"""Cases as spreadsheets: what goes out comes back, and what is wrong is told by row."""

import csv
import io
import json
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from chat.question import Filters, Kind, Turn
from eval.cases import Case, CaseError, load_cases, parse_case, to_record
from eval.sets import CaseSets
from eval.sheets import COLUMNS, SheetError, guarded, read_sheet, to_csv, to_xlsx

CASES = (
    Case(
        id="日常-1",
        question="那湖北呢？",
        kind=Kind.NUMBER,
        answerable=True,
        history=(Turn("user", "山东多少家？"), Turn("assistant", "400家[1]\n另见二。")),
        filters=Filters(("湖北省",), ("鄂经信〔2022〕13号",)),
        as_of=date(2025, 6, 30),
        style="colloquial",
        documents=("鄂经信〔2022〕13号", "另一份"),
        quotes=(("培育1000家", "培育一千家"), ("另一处；原文",)),
        facts=(("1000家", "千家"), ("省经信厅",)),
        forbidden=("400家", "=400"),
        note="=1+1",
    ),
    Case(id="日常-2", question="今天天气？", kind=Kind.OPEN, answerable=False),
)


@pytest.mark.parametrize(("write", "name"), [(to_csv, "a.csv"), (to_xlsx, "a.xlsx")])
def test_what_goes_out_comes_back(write, name):
    sheet = read_sheet(name, write(CASES), "x")
    assert sheet.faults == ()
    assert sheet.cases == CASES
    assert sheet.rows == (2, 3)


def test_a_case_is_written_as_it_is_read():
    for case in CASES:
        assert parse_case(json.loads(json.dumps(to_record(case)))) == case
    assert to_record(CASES[1]) == {
        "id": "日常-2",
        "question": "今天天气？",
        "kind": "open",
        "answerable": False,
        "style": "plain",
    }


def test_the_template_explains_itself_and_holds_no_case():
    book = load_workbook(io.BytesIO(to_xlsx([])))
    assert book.sheetnames == ["题目", "说明", "示例（不会导入）"]
    assert [cell.value for cell in book["题目"][1]] == [column.head for column in COLUMNS]
    assert book["题目"].max_row == 1
    assert book["说明"].max_row == len(COLUMNS) + 1
    with pytest.raises(SheetError, match="没有题目"):
        read_sheet("a.xlsx", to_xlsx([]), "x")


def test_no_cell_is_a_formula():
    text = to_csv(CASES).decode("utf-8-sig")
    row = list(csv.DictReader(io.StringIO(text)))[0]
    assert row["备注"] == "'=1+1"
    sheet = load_workbook(io.BytesIO(to_xlsx(CASES)))["题目"]
    assert {
        cell.data_type for row in sheet.iter_rows(min_row=2, max_row=2) for cell in row if cell.value
    } == {"s"}
    assert [guarded(text) for text in ("@x", "-1", "", "甲")] == ["'@x", "'-1", "", "甲"]


def rows(*cells, encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text).writerows(cells)
    return text.getvalue().encode(encoding)


HEAD = ("问题", "应回答", "应引文件", "类型", "截至日期", "此前的对话", "编号")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("问", "也许", "甲"), "第 3 行：“应回答”应填 是 或 否；现为“也许”"),
        (("", "是", "甲"), "第 3 行：“问题”没有填"),
        (("问", "", ""), "第 3 行：应回答的题目至少要填“应引文件”“应引原文”“应含内容”中的一项"),
        (("问", "是", "甲", "数字"), "第 3 行：“类型”应为以下之一：数量目标、日期期限"),
        (("问", "是", "甲", "", "明年"), "第 3 行：“截至日期”应为日期，例如 2025-06-30；现为“明年”"),
        (("问", "是", "甲", "", "", "先问这个"), "第 3 行：“此前的对话”的每句应以“问：”或“答：”开头"),
        (("问", "是", "甲", "", "", "", "x-2"), "第 3 行：“编号”重复：“x-2”已见于第 2 行"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(cells, said):
    sheet = read_sheet("a.csv", rows(HEAD, ("好的", "是", "甲"), cells), "x")
    assert [case.id for case in sheet.cases] == ["x-2"]
    assert str(sheet.faults[0]).startswith(said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_excel_is_read_in_its_encoding(encoding):
    sheet = read_sheet("a.csv", rows(HEAD, ("問：多少家？", "否"), encoding=encoding), "x")
    assert (sheet.cases[0].question, sheet.cases[0].answerable) == ("問：多少家？", False)


@pytest.mark.parametrize("written", ["2025-6-30", "2025/06/30", "2025年6月30日", "2025-06-30 00:00:00"])
def test_dates_are_read_as_they_are_written(written):
    sheet = read_sheet("a.csv", rows(HEAD, ("问", "是", "甲", "", written)), "x")
    assert sheet.cases[0].as_of == date(2025, 6, 30)


def test_blank_rows_and_other_sheets_are_passed_over_and_numbers_are_text():
    book = Workbook()
    sheet = book.active
    sheet.title = "随便"
    sheet.append([None, None])
    sheet.append(["问题", "应含内容", "应回答"])
    sheet.append([None, None])
    sheet.append(["多少家？", 400.0, True])
    buffer = io.BytesIO()
    book.save(buffer)
    read = read_sheet("A.XLSX", buffer.getvalue(), "x")
    assert read.rows == (4,)
    assert (read.cases[0].facts, read.cases[0].id) == ((("400",),), "x-4")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 no", "不是可读的 .xlsx"),
        ("a.xlsx", b"", "不是可读的 .xlsx"),
        ("a.csv", b"PK\x03\x04", "不是 CSV 文件"),
        ("a.csv", b"\xff\xfe\x00", "编码无法识别"),
        ("a.csv", b"", "文件是空的"),
        ("a.csv", rows(("提问", "答")), "要有“问题”一列"),
        ("a.csv", rows(("问题", "提问人")), "不认识的列“提问人”"),
        ("a.csv", rows(("问题", "问题")), "有两列都叫“问题”"),
        ("a.csv", '问题,应回答\n"没有结束'.encode(), "CSV 格式有误"),
    ],
)
def test_what_is_no_sheet_is_told(name, content, said):
    with pytest.raises(SheetError, match=said):
        read_sheet(name, content, "x")


# Sets -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sets(tmp_path):
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "policies_locked.jsonl").write_text("", "utf-8")
    return CaseSets(tmp_path / "own", bundled)


def test_a_set_grows_and_shrinks(sets):
    assert sets.add("日常", CASES) == 0
    assert sets.add("日常", CASES[:1]) == 1
    assert sets.load("日常").cases == CASES
    assert sets.new_id("日常") == "日常-003"
    sets.remove_case("日常", "日常-1")
    assert [case.id for case in sets.load("日常").cases] == ["日常-2"]
    assert [(each.name, each.own, each.locked) for each in sets.all()] == [
        ("日常", True, False),
        ("policies_locked", False, True),
    ]
    sets.remove("日常")
    assert sets.find("日常") is None


def test_a_case_is_changed_in_its_place(sets):
    sets.add("日常", CASES)
    sets.replace("日常", "日常-1", CASES[0])
    with pytest.raises(CaseError, match="“编号”重复"):
        sets.replace("日常", "日常-1", CASES[1])
    with pytest.raises(CaseError, match="可能已被别人删除"):
        sets.replace("日常", "日常-9", Case("n", "问", Kind.OPEN, False))
    assert sets.load("日常").cases == CASES


@pytest.mark.parametrize("name", ["../x", "", "a/b", "x" * 41, "policies_locked"])
def test_names_that_cannot_be_a_set(sets, name):
    with pytest.raises(CaseError, match="名称"):
        sets.add(name, CASES)


def test_lines_that_cannot_be_read_are_not_lost(sets, tmp_path):
    sets.add("日常", CASES)
    file = tmp_path / "own" / "日常.jsonl"
    file.write_text(file.read_text("utf-8") + "{坏\n", "utf-8")
    with pytest.raises(CaseError, match="改动会丢失它们"):
        sets.add("日常", CASES)
    assert "{坏" in file.read_text("utf-8")
    assert len(load_cases(file).cases) == 2
