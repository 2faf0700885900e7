"""What is known of a policy: title, number, issuers, dates. Only what the document itself says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus import dates
from corpus.clauses import HEADER, LEAD, SIGNATURE, Found
from corpus.clean import Cleaned
from corpus.document import IssueDate, Level, Period
from corpus.issuers import level_of, split_names
from corpus.numbers import find_numbers, normalize_number
from corpus.titles import find_title


@dataclass(frozen=True)
class Metadata:
    """The fields of a document that are read from its text and from the page's metadata block."""

    title: str
    number: str
    issuers: tuple[str, ...]
    level: Level
    region: str
    issued_on: IssueDate | None
    valid_from: dates.date | None
    valid_until: dates.date | None
    period: Period | None
    cites: tuple[str, ...]


@dataclass(frozen=True)
class _Blocks:
    header: list[str]
    lead: str
    signature: list[str]
    annexes: list[str]  # titles of what the notice wraps
    fields: dict[str, str]


_ANNOUNCED = re.compile(
    r"(?P<who>[^。，]*?[\u4e00-\u9fff])(?:近日|日前|今天|昨日)?(?:联合|共同|正式)*(?:发布|印发|出台|公布|下发|制定)了?(?:关于印发)?《(?P<title>[^《》]{4,100})》(?:\s*[（(](?P<number>[^（）()]{6,40}号)[）)])?"
)


def read_metadata(cleaned: Cleaned, clauses: list[Found]) -> Metadata:
    """Read a document's metadata from its title block, signature, body and the page's own fields."""
    text = cleaned.text
    blocks = _blocks(cleaned, clauses)
    news = _ANNOUNCED.search("\n".join(line for line in blocks.header if "。" in line))
    title, before = _title(blocks, news)
    number = _number(blocks, news, title)
    issuers = _issuers(blocks, news, before)
    header = "\n".join(blocks.header)
    level, region = level_of(issuers, number, title, header)
    issued_on = _issued(blocks, number)
    day = issued_on.day if issued_on else None
    start = _valid_from(blocks, text, day)
    wrapped = re.findall(r"《([^《》]+)》", title)
    return Metadata(
        title,
        number,
        issuers,
        level,
        region,
        issued_on,
        start,
        dates.valid_until(text, start or day) or _field_day(blocks, "until"),
        dates.period([title, *wrapped, *blocks.annexes], text, issued_on.year if issued_on else None),
        _cites(text, number),
    )


def _blocks(cleaned: Cleaned, clauses: list[Found]) -> _Blocks:
    def lines(label: str, notice: bool) -> list[str]:
        return [
            line
            for clause in clauses
            if clause.label == label and not clause.path and (clause.part == "notice") == notice
            for line in cleaned.text[clause.start : clause.end].split("\n")
            if line
        ]

    fields: dict[str, str] = {}
    for item in cleaned.fields:
        if item.value:
            fields.setdefault(item.kind, item.value)
    annexes = [
        title.text
        for clause in clauses
        if clause.label == HEADER and clause.part != "notice"
        if (title := find_title(cleaned.text[clause.start : clause.end].split("\n")))
    ]
    return _Blocks(lines(HEADER, True), "\n".join(lines(LEAD, True)), lines(SIGNATURE, True), annexes, fields)


def _title(blocks: _Blocks, news: re.Match[str] | None) -> tuple[str, str]:
    """The title without issuers in front, and what stood in front of it."""
    given = blocks.fields.get("title", "")
    own = find_title([line for line in blocks.header if "。" not in line])
    if own is None and news:
        return news["title"], ""
    if own is None:
        own = find_title([given]) if given else None
        if own is None:
            plain = next((line for line in blocks.header if "。" not in line and not find_numbers(line)), "")
            return given or plain, ""
    title = own.text
    following = [line.strip() for line in blocks.header[own.last + 1 : own.last + 2]]
    if following and re.fullmatch(r"[\u4e00-\u9fff]{1,10}编", following[0]):
        title += following[0]  # a code in several files: 中华人民共和国民法典人格权编
    prefix = given[: -len(title)] if given.endswith(title) else ""
    if re.fullmatch(r"[一二三四五六七八九十两]+(?:部门|部委|单位|厅局|市|省市|部|委)", prefix or own.before):
        title = (prefix or own.before) + title
    return title, own.before


def _number(blocks: _Blocks, news: re.Match[str] | None, title: str) -> str:
    given = blocks.fields.get("number", "")
    if given:
        found = find_numbers(given)
        if found:
            return found[0][2]
        if re.search(r"\d+\s*号", given):
            return normalize_number(given)
    for line in blocks.header:
        for start, end, number in find_numbers(line):
            alone = (end - start) >= 0.6 * len(line.strip())
            below_title = line.strip("（）() ").startswith(line[start:end]) and "。" not in line
            if (alone or below_title) and not re.search(r"公布|发布|修订|修正|施行", line[end:]):
                return number
    if news and news["number"]:
        return normalize_number(news["number"])
    joined = "".join(blocks.header[:6])
    order = re.search(
        r"(?:^|[\s\n])?([\u4e00-\u9fff]{3,20}(?:令|公告))\s*[（(]?\s*((?:\d{4}\s*年\s*)?第\s*\d+\s*号)",
        joined,
    )
    if (
        order
        and not re.match(r"\s*(?:公布|发布)", joined[order.end() :])
        and not re.search(r"\d日", joined[: order.start()])
    ):
        found = find_numbers(order[0])
        return found[0][2] if found else ""
    return ""


def _issuers(blocks: _Blocks, news: re.Match[str] | None, before: str) -> tuple[str, ...]:
    given = split_names(blocks.fields.get("issuer", ""))
    if len(given) > 0 and not (blocks.signature and len(given) == 1):
        return tuple(dict.fromkeys(given))
    signed = [
        name
        for line in blocks.signature
        if not re.match(r"附", line)
        for name in split_names(dates.DAY.sub("", line))
    ]
    if signed:
        return tuple(dict.fromkeys(signed))
    head: list[str] = []
    for line in blocks.header:
        if "关于" in line or find_numbers(line) or line.endswith(("：", ":")) or "。" in line:
            break
        head += split_names(line)
    if head or given:
        return tuple(dict.fromkeys(head or given))
    if before:
        return tuple(dict.fromkeys(split_names(before)))
    if news:
        who = re.sub(r"^.*(?:消息|讯|获悉|\d日|近日|日前)[，,]?", "", news["who"])
        names = (
            [name for name in re.split(r"[、和]", who) if name] if "和信息化" not in who else who.split("、")
        )
        return tuple(dict.fromkeys(name for part in names for name in (split_names(part) or [])))
    return _law_issuer("\n".join(blocks.header))


_LAW_ISSUER = re.compile(
    r"(?:第[一二三四五六七八九十]+届)?((?:全国|[\u4e00-\u9fff]{2,12}?(?:省|自治区|市|自治州|自治县))?(?:第[一二三四五六七八九十]+届)?人民代表大会(?:常务委员会)?)|(国务院)(?=令|第|办公厅)"
    r"|(最高人民法院|最高人民检察院)|经?([\u4e00-\u9fff]{2,16}(?:部|委员会|局|总局|署|委))(?=令|第\d|部务|[^\u4e00-\u9fff]|公告|局务)"
)


def _law_issuer(header: str) -> tuple[str, ...]:
    """The body that passed a law, from the note below its title."""
    match = _LAW_ISSUER.search(header)
    if not match:
        return ()
    name = next(group for group in match.groups() if group)
    return (re.sub(r"第[一二三四五六七八九十]+届", "", name),)


def _issued(blocks: _Blocks, number: str) -> IssueDate | None:
    day = _field_day(blocks, "date")
    signed = [day for line in blocks.signature for day in dates.days(line)]
    if signed:
        return IssueDate(signed[0].year, signed[0])
    if day:
        return IssueDate(day.year, day)
    passed = [
        day
        for line in blocks.header
        if "。" not in line or len(line) < 200
        if re.search(r"通过|公布|发布|修订|修正|印发|批准", line)
        or re.fullmatch(rf"[（(]?\s*{dates.DAY.pattern}\s*[）)]?", line)
        if not re.search(r"消息|记者|[讯电]", line)
        for day in dates.days(re.sub(r"自[^自]{4,20}起施行.*|\S*日\s*起?施行", "", line))
    ]
    if passed:
        return IssueDate(max(passed).year, max(passed))
    year = re.search(r"〔(\d{4})〕|(\d{4})年第", number)
    if year:
        return IssueDate(int(year[1] or year[2]))
    month = next((match for line in blocks.header if (match := dates.MONTH.fullmatch(line))), None)
    return IssueDate(dates.year_of(month)) if month else None


def _field_day(blocks: _Blocks, kind: str) -> dates.date | None:
    return dates.loose_day(blocks.fields[kind]) if kind in blocks.fields else None


def _valid_from(blocks: _Blocks, text: str, issued: dates.date | None) -> dates.date | None:
    for line in reversed(blocks.header):
        match = re.search(rf"(?:自)?\s*{dates.DAY.pattern}\s*起?(?:施行|实施)", line)
        if match:
            return dates.to_date(match)
    return dates.valid_from(text, issued) or _field_day(blocks, "from")


def _cites(text: str, own: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for _, _, number in find_numbers(text) if number != own))
