"""Cases as staff write them: CSV and XLSX, in and out, with a template."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from chat.question import Kind, Turn
from eval.cases import Case, CaseError, parse_case
from eval.report import KIND_NAMES, STYLE_NAMES

ROWS = 5_000  # cases of one sheet; more is a mistake
UNPACKED = 50_000_000  # bytes that an XLSX may unpack to
SHEET = "题目"
YES, NO = ("是", "true", "1", "yes", "对", "√"), ("否", "false", "0", "no", "错", "×")


@dataclass(frozen=True)
class Column:
    """A column: the field of a case that it holds, its head, and what to write there."""

    field: str
    head: str
    width: int
    about: str


COLUMNS = (
    Column("id", "编号", 12, "可不填，导入时自动编号；同一题目集内不可重复。"),
    Column("question", "问题", 42, "必填。照用户的说法写。"),
    Column("answerable", "应回答", 8, "是 或 否。否：正确的做法是不作答（库内没有依据）。不填算 是。"),
    Column("documents", "应引文件", 26, "回答必须引用的文件：文号或标题。一行一个。"),
    Column(
        "quotes",
        "应引原文",
        42,
        "回答引用的条款里必须有的原文，照抄文件，不必整句。一行一处；几处任一即可时用 | 隔开。",
    ),
    Column(
        "facts", "应含内容", 24, "回答里必须说到的内容，如 400家。一行一项；几种写法任一即可时用 | 隔开。"
    ),
    Column("forbidden", "不得出现", 24, "回答里不能出现的内容，如外省的数字。一行一项。"),
    Column("kind", "类型", 12, f"{'、'.join(KIND_NAMES.values())}。不填算 {KIND_NAMES[Kind.OPEN]}。"),
    Column("style", "说法", 10, f"{'、'.join(STYLE_NAMES.values())}。不填算 书面。"),
    Column("history", "此前的对话", 30, "追问才填。一行一句，用户的以“问：”开头，系统的以“答：”开头。"),
    Column("regions", "限定地区", 12, "用户在页面上选了地区才填，如 山东省。一行一个。"),
    Column("within", "限定文件", 20, "用户限定了文件才填：文号或标题。一行一个。"),
    Column("as_of", "截至日期", 12, "判断文件是否有效的日期，如 2025-06-30。不填为运行当天。"),
    Column("note", "备注", 30, "给同事看的说明，不参与评判。"),
)
_BY_HEAD = {column.head: column for column in COLUMNS}
_HEADS = {column.field: column.head for column in COLUMNS} | {"filters": "限定地区／限定文件"}
_KINDS = {name: kind.value for kind, name in KIND_NAMES.items()} | {kind.value: kind.value for kind in Kind}
_STYLES = {name: style for style, name in STYLE_NAMES.items()} | {style: style for style in STYLE_NAMES}
_EXAMPLES = (
    {
        "问题": "某省到2027年要培育多少家示范企业？",
        "应回答": "是",
        "应引文件": "某工信发〔2025〕1号",
        "应引原文": "到2027年，培育示范企业100家",
        "应含内容": "100家 | 一百家",
        "不得出现": "200家",
        "类型": "数量目标",
        "备注": "200家是邻省的目标",
    },
    {
        "问题": "那由谁牵头？",
        "应回答": "是",
        "应引文件": "某工信发〔2025〕1号",
        "应引原文": "由省工业和信息化厅牵头",
        "应含内容": "工业和信息化厅",
        "类型": "责任部门",
        "此前的对话": "问：某省示范企业怎么申报？\n答：向所在市的主管部门申报。",
    },
    {"问题": "今年社保缴费基数是多少？", "应回答": "否", "应含内容": "社保", "备注": "库内没有社保的政策"},
)


class SheetError(ValueError):
    """A file is no sheet of cases; the message is Chinese."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row of a sheet."""

    row: int  # from 1, as the spreadsheet counts
    message: str  # Chinese, names the column

    def __str__(self) -> str:
        return f"第 {self.row} 行：{self.message}"


@dataclass(frozen=True)
class Sheet:
    """The cases of a sheet, the row of each, and what could not be read."""

    cases: tuple[Case, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


def read_sheet(name: str, content: bytes, prefix: str) -> Sheet:
    """Read a CSV or XLSX file by the ending of its name; cases without a number get `prefix` and their row.

    Raises SheetError where it is no such file; what is wrong with single rows is told by row.
    """
    rows = _xlsx_rows(content) if name.lower().endswith((".xlsx", ".xlsm")) else _csv_rows(name, content)
    head, columns = 0, {}
    cases: list[Case] = []
    places: list[int] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows, 1):
        if not any(cells):
            continue
        if not head:
            head, columns = number, _columns(cells)
            continue
        if len(cases) + len(faults) >= ROWS:
            raise SheetError(f"一次最多导入 {ROWS} 题，请分成几个文件")
        try:
            case = _case(_record(columns, cells), f"{prefix}-{number}")
            if case.id in seen:
                raise CaseError(f"“编号”重复：“{case.id}”已见于第 {seen[case.id]} 行")
        except CaseError as error:
            faults.append(Fault(number, str(error)))
        else:
            seen[case.id] = number
            cases.append(case)
            places.append(number)
    if not head:
        raise SheetError("文件是空的；请下载模板，填好后再导入")
    if not cases and not faults:
        raise SheetError("没有题目：表头下面还没有填写内容")
    return Sheet(tuple(cases), tuple(places), tuple(faults))


def row_of(case: Case) -> dict[str, str]:
    """A case as the cells of a row, by head."""
    return {
        "编号": case.id,
        "问题": case.question,
        "应回答": "是" if case.answerable else "否",
        "应引文件": "\n".join(case.documents),
        "应引原文": _group_lines(case.quotes),
        "应含内容": _group_lines(case.facts),
        "不得出现": "\n".join(case.forbidden),
        "类型": KIND_NAMES[case.kind],
        "说法": STYLE_NAMES[case.style],
        "此前的对话": "\n".join(
            f"{'问' if turn.role == 'user' else '答'}：{turn.content}" for turn in case.history
        ),
        "限定地区": "\n".join(case.filters.regions),
        "限定文件": "\n".join(case.filters.documents),
        "截至日期": case.as_of.isoformat() if case.as_of else "",
        "备注": case.note,
    }


def case_of(cells: dict[str, str], otherwise: str) -> Case:
    """A case from the cells of a row, by head; `otherwise` is its id where none is given. Raises CaseError."""
    return _case({_BY_HEAD[head].field: value for head, value in cells.items()}, otherwise)


def to_csv(cases: Iterable[Case]) -> bytes:
    """The cases as a CSV that Excel opens (UTF-8 with its mark)."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [column.head for column in COLUMNS])
    writer.writeheader()
    for case in cases:
        writer.writerow({head: guarded(value) for head, value in row_of(case).items()})
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(cases: Iterable[Case]) -> bytes:
    """The cases as an XLSX with an explanation of the columns; without cases it is the template."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _write_cases(sheet, [row_of(case) for case in cases])
    _validate(sheet)
    about = book.create_sheet("说明")
    _rows_to(about, [("列", "怎样填"), *((column.head, column.about) for column in COLUMNS)], (14, 90))
    _write_cases(book.create_sheet("示例（不会导入）"), _EXAMPLES)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def guarded(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _columns(cells: Sequence[str]) -> dict[int, Column]:
    names = [re.sub(r"[\s*＊]+", "", cell) for cell in cells]
    columns = {at: _BY_HEAD[name] for at, name in enumerate(names) if name in _BY_HEAD}
    if "问题" not in names:
        known = "、".join(_BY_HEAD)
        raise SheetError(f"第一行应为表头，其中要有“问题”一列；可用的列：{known}")
    strange = [name for name in names if name and name not in _BY_HEAD]
    if strange:
        raise SheetError(f"不认识的列“{strange[0]}”；可用的列：{'、'.join(_BY_HEAD)}")
    doubled = [name for name in names if name and names.count(name) > 1]
    if doubled:
        raise SheetError(f"有两列都叫“{doubled[0]}”")
    return columns


def _record(columns: dict[int, Column], cells: Sequence[str]) -> dict[str, str]:
    return {column.field: cells[at] for at, column in columns.items() if at < len(cells)}


def _case(cells: dict[str, str], otherwise: str) -> Case:
    """A case of the texts of its fields. Raises CaseError, which names the column."""
    given = {field: text.strip() for field, text in cells.items()}
    record: dict[str, Any] = {
        "id": given.get("id") or otherwise,
        "question": given.get("question", ""),
        "answerable": _flag(given.get("answerable", "")),
        "documents": _lines(given.get("documents", "")),
        "quotes": _groups(given.get("quotes", "")),
        "facts": _groups(given.get("facts", "")),
        "forbidden": _lines(given.get("forbidden", "")),
        "kind": _named(given.get("kind", ""), _KINDS, "类型", Kind.OPEN.value),
        "style": _named(given.get("style", ""), _STYLES, "说法", "plain"),
        "history": _history(given.get("history", "")),
        "filters": {
            "regions": _lines(given.get("regions", "")),
            "documents": _lines(given.get("within", "")),
        },
        "as_of": _day(given.get("as_of", "")),
        "note": given.get("note", ""),
    }
    if not record["question"]:
        raise CaseError("“问题”没有填")
    try:
        return parse_case(record)
    except CaseError as error:
        raise CaseError(_in_columns(str(error))) from None


def _in_columns(message: str) -> str:
    """What the reader of JSON says, in the words of the sheet."""
    if message.startswith("可回答的案例须"):
        return "应回答的题目至少要填“应引文件”“应引原文”“应含内容”中的一项，否则无从评判"
    message = re.sub(r"，例如 \[.*$", "", message)
    return re.sub(r"(?:字段)?“(\w+)”", lambda found: f"“{_HEADS.get(found[1], found[1])}”", message)


def _flag(text: str) -> bool:
    if text.lower() in YES or not text:
        return True
    if text.lower() in NO:
        return False
    raise CaseError(f"“应回答”应填 是 或 否；现为“{text}”")


def _named(text: str, names: dict[str, str], head: str, otherwise: str) -> str:
    if not text:
        return otherwise
    if text not in names:
        shown = KIND_NAMES.values() if head == "类型" else STYLE_NAMES.values()
        raise CaseError(f"“{head}”应为以下之一：{'、'.join(shown)}；现为“{text}”")
    return names[text]


def _day(text: str) -> str | None:
    """A date in the one way of writing it, where it is one; else the text, which the reader will refuse."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text or None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\r\n；;]+", text) if line.strip()]


def _groups(text: str) -> list[list[str]]:
    lines = (line for line in re.split(r"[\r\n]+", text) if line.strip())
    groups = [[part.strip() for part in re.split(r"[|｜]", line) if part.strip()] for line in lines]
    return [group for group in groups if group]


def _group_lines(groups: Iterable[Iterable[str]]) -> str:
    # A line break inside an alternative is white space to the judge.
    return "\n".join(" | ".join(" ".join(text.split()) for text in group) for group in groups)


def _history(text: str) -> list[dict[str, str]]:
    turns: list[Turn] = []
    for line in text.splitlines():
        said = re.match(r"\s*(问|答)\s*[：:]\s*(.*)", line)
        if said:
            turns.append(Turn("user" if said[1] == "问" else "assistant", said[2]))
        elif turns:
            turns[-1] = Turn(turns[-1].role, f"{turns[-1].content}\n{line}".rstrip())
        elif line.strip():
            raise CaseError("“此前的对话”的每句应以“问：”或“答：”开头")
    return [{"role": turn.role, "content": turn.content} for turn in turns]


def _csv_rows(name: str, content: bytes) -> Iterator[list[str]]:
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise SheetError(f"{name} 不是 CSV 文件；Excel 文件请存为 .xlsx 再导入")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
        try:
            yield from (
                [cell.removeprefix("'") if cell[1:2] in "=+-@" else cell for cell in row]
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            )
        except csv.Error as error:
            raise SheetError(f"CSV 格式有误：{error}") from error
        return
    raise SheetError("文件的编码无法识别；请存为 UTF-8 编码的 CSV，或存为 .xlsx")


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                raise SheetError("表格过大")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        for row in sheet.iter_rows(max_row=ROWS + 2, max_col=40, values_only=True):
            yield [_cell(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError("这不是可读的 .xlsx 文件；请用模板另存后再导入") from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _write_cases(sheet: Worksheet, rows: Sequence[dict[str, str]]) -> None:
    heads = [column.head for column in COLUMNS]
    cells = [tuple(heads), *(tuple(row.get(head, "") for head in heads) for row in rows)]
    _rows_to(sheet, cells, [column.width for column in COLUMNS])
    sheet.freeze_panes = "C2"


def _rows_to(sheet: Worksheet, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for number, row in enumerate(rows, 1):
        for at, text in enumerate(row, 1):
            cell = sheet.cell(number, at, text)
            cell.data_type = "s"  # text, whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = PatternFill("solid", fgColor="1A5799")
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width


def _validate(sheet: Worksheet) -> None:
    choices = {"应回答": ("是", "否"), "类型": KIND_NAMES.values(), "说法": STYLE_NAMES.values()}
    for at, column in enumerate(COLUMNS, 1):
        if column.head in choices:
            allowed = DataValidation("list", formula1=f'"{",".join(choices[column.head])}"', allow_blank=True)
            letter = get_column_letter(at)
            allowed.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(allowed)
