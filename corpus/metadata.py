"""What is known of a policy: title, number, issuers, dates. Only what the document itself says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus import dates
from corpus.clauses import HEADER, SIGNATURE, Found
from corpus.clean import Cleaned
from corpus.document import IssueDate, Level, Period
from corpus.issuers import law_issuer, level_of, split_names
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
    valid_from: date | None
    valid_until: date | None
    period: Period | None
    cites: tuple[str, ...]


@dataclass(frozen=True)
class _Sources:
    """Where metadata may stand."""

    header: list[str]  # lines of the title block
    signature: list[str]
    annexes: list[str]  # titles of what the notice wraps
    fields: dict[str, str]  # of the page's metadata block, by kind
    report: re.Match[str] | None  # the sentence of a news report that names the policy


# …、…联合发布《…》（…号）: issuers, title and number in a news report in front of the policy.
_REPORT = re.compile(
    r"(?P<who>[^。]*?[\u4e00-\u9fff])(?:近日|日前|今天|昨日)?(?:联合|共同|正式)*(?:发布|印发|出台|公布|下发|制定)了?(?:关于印发)?"
    r"《(?P<title>[^《》]{4,100})》(?:\s*[（(](?P<number>[^（）()]{6,40}号)[）)])?"
)
_EXPLAINS = re.compile(
    r"(?:问答|答问|解读|答记者问)[）)》”]?$"
)  # it speaks of a policy and is not the policy
_BEFORE_NAMES = re.compile(r".*(?:消息|讯|获悉|\d日|近日|日前)[，,]?")
_MANY = re.compile(r"[一二三四五六七八九十两]+(?:部门|部委|单位|厅局|市|省市|部|委)")  # 十一部门关于…
_LONGEST_LINE = 500  # characters; longer lines tell nothing of the document
_VOLUME = re.compile(r"[\u4e00-\u9fff]{1,10}编")  # a code in several files: 民法典, 人格权编
_PASSED = re.compile(r"通过|公布|发布|修订|修正|印发|批准")
_APPLIES = re.compile(r"自?[^自，]{4,20}日\s*起?(?:施行|实施|执行).*")
_ORDER = re.compile(
    r"([\u4e00-\u9fff]{3,20}(?:令|公告))\s*[（(]?\s*((?:\d{4}\s*年\s*)?第\s*\d+\s*号)(?!\s*(?:公布|发布))"
)


def read_metadata(cleaned: Cleaned, clauses: Sequence[Found]) -> Metadata:
    """Read a document's metadata from its title block, signature, body and the page's own fields."""
    sources = _sources(cleaned, clauses)
    title, before = _title(sources)
    if title.startswith("《") and not title.endswith("》"):
        title = title.replace("《", "〈").replace(
            "》", "〉"
        )  # 《〈某政策〉政策问答》: inner marks are single
    number = _number(sources)
    issuers = _issuers(sources, before)
    level, region = level_of(issuers, number, title, "\n".join(sources.header))
    issued_on = _issued(sources, number)
    day = issued_on.day if issued_on else None
    titles = [title, *re.findall(r"[《〈]([^《》〈〉]+)[》〉]", title), *sources.annexes]
    text = dates.in_own_words(cleaned.text, titles)
    start = _valid_from(sources, text, day)
    return Metadata(
        title,
        number,
        issuers,
        level,
        region,
        issued_on,
        start,
        dates.valid_until(text, start or day) or _field_day(sources, "until"),
        dates.period(titles, cleaned.text, issued_on.year if issued_on else None),
        tuple(dict.fromkeys(found for _, _, found in find_numbers(cleaned.text) if found != number)),
    )


def _sources(cleaned: Cleaned, clauses: Sequence[Found]) -> _Sources:
    header: list[str] = []
    signature: list[str] = []
    annexes: list[str] = []
    for clause in clauses:
        if clause.label not in (HEADER, SIGNATURE):
            continue
        words = cleaned.text[clause.start : clause.end].split("\n")
        lines = [line for line in words if line and len(line) <= _LONGEST_LINE]
        if clause.part == "notice":
            (header if clause.label == HEADER else signature).extend(lines)
        elif clause.label == HEADER and (title := find_title(lines)):
            annexes.append(title.text)
    fields: dict[str, str] = {}
    for item in cleaned.fields:
        if item.value:
            fields.setdefault(item.kind, item.value)
    explains = any(_EXPLAINS.search(line) for line in header[:3])
    report = (
        None
        if explains
        else next((match for line in header if "。" in line and (match := _REPORT.search(line))), None)
    )
    return _Sources(header, signature, annexes, fields, report)


def _title(sources: _Sources) -> tuple[str, str]:
    """The title without issuers in front, and what stood in front of it."""
    given = sources.fields.get("title", "")
    lines = [line for line in sources.header if "。" not in line]
    own = find_title(lines)
    if own is None and sources.report:
        return sources.report["title"], ""
    own = own or find_title([given])
    if own is None:
        plain = next((line for line in lines if not find_numbers(line)), "")
        return given or plain, ""
    title = own.text
    if own.last + 1 < len(lines) and _VOLUME.fullmatch(lines[own.last + 1]):
        title += lines[own.last + 1]
    prefix = given[: -len(title)] if given.endswith(title) else ""
    return (prefix + title if _MANY.fullmatch(prefix) else title), own.before


def _number(sources: _Sources) -> str:
    given = sources.fields.get("number", "")
    found = find_numbers(given)
    if found:
        return found[0][2]
    if re.search(r"\d+\s*号", given):
        return normalize_number(given)
    for line in sources.header:
        for start, end, number in find_numbers(line):
            alone = end - start >= 0.6 * len(line)
            opens = line.lstrip("（(").startswith(line[start:end]) and "。" not in line
            if (alone or opens) and not re.match(r"\s*(?:公布|发布|修订|修正|施行)", line[end:]):
                return number
    if sources.report and sources.report["number"]:
        return normalize_number(sources.report["number"])
    return _order_number("".join(sources.header[:6]))


def _order_number(head: str) -> str:
    """An order or announcement over two lines (工业和信息化部令 | 第52号); not one that a note of a law names."""
    order = _ORDER.search(head)
    if not order or re.search(r"\d日", head[: order.start()]):
        return ""
    found = find_numbers(order[0])
    return found[0][2] if found else ""


def _issuers(sources: _Sources, before: str) -> tuple[str, ...]:
    """From the page's field, the signature, the letterhead, the title or a news report, in this order."""
    given = split_names(sources.fields.get("issuer", ""))
    signed = [
        name
        for line in sources.signature
        if not line.startswith(("附", "抄")) and not line.endswith("印发")
        for name in split_names(dates.DAY.sub(" ", line))
    ]
    if len(given) > 1 or (given and not signed):
        return tuple(dict.fromkeys(given))
    names = (
        signed
        or _letterhead(sources.header)
        or split_names(before)
        or _reported(sources.report)
        or _below_title(sources.header)
    )
    return tuple(dict.fromkeys(names)) or law_issuer(sources.header)


def _letterhead(header: Sequence[str]) -> list[str]:
    """The names above title and number."""
    names: list[str] = []
    for line in header:
        if "关于" in line or find_numbers(line) or line[-1] in "：:。":
            break
        names += split_names(line)
    return names


def _below_title(header: Sequence[str]) -> list[str]:
    """The names on a line of their own below title and number, where nothing else of the document names them."""
    for line in header[1:]:
        names = split_names(line)
        if names and "".join(names) == re.sub(r"[\s、，,;；]+", "", line):
            return names
    return []


def _reported(report: re.Match[str] | None) -> list[str]:
    return split_names(_BEFORE_NAMES.sub("", report["who"])) if report else []


def _issued(sources: _Sources, number: str) -> IssueDate | None:
    """The day in the signature, the page's field or the notes below the title; else a year."""
    signed = [day for line in sources.signature for day in dates.days(line)]
    field = _field_day(sources, "date")
    day = signed[0] if signed else field or _day_in_notes(sources.header)
    if day:
        return IssueDate(day.year, day)
    year = re.search(r"〔(\d{4})〕|(\d{4})年第", number)
    if year:
        return IssueDate(int(year[1] or year[2]))
    month = next((match for line in sources.header if (match := dates.MONTH.fullmatch(line))), None)
    return IssueDate(dates.year_of(month)) if month else None


def _day_in_notes(header: Sequence[str]) -> date | None:
    """The last day on which a law was passed or amended, from the notes below its title."""
    days = [
        day
        for line in header
        if _PASSED.search(line) or dates.DAY.fullmatch(line.strip("（()） "))
        if not re.search(r"消息|记者|[讯电]", line)
        for day in dates.days(_APPLIES.sub("", line))
    ]
    return max(days, default=None)


def _field_day(sources: _Sources, kind: str) -> date | None:
    return dates.loose_day(sources.fields[kind]) if kind in sources.fields else None


def _valid_from(sources: _Sources, text: str, issued: date | None) -> date | None:
    for line in reversed(sources.header):
        match = re.search(rf"{dates.DAY.pattern}\s*起?(?:施行|实施|执行)", line)
        if match:
            return dates.to_date(match)
    return dates.valid_from(text, issued) or _field_day(sources, "from")
