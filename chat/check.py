"""The check: whether a statement stands on its citations. What does not is dropped, with a reason for the staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chat.answer import Statement
from chat.checking.authorities import ISSUES, allows, find_mentions, gives_role, match_name, shorten
from chat.checking.derive import recompute
from chat.checking.figures import (
    Stated,
    asked_matches,
    best_matches,
    fault_of,
    follows_from,
    goes_with,
    stated_figures,
    telling_words,
)
from chat.checking.grounds import Grounds
from chat.checking.mentions import (
    Named,
    is_in,
    strange_name,
    strange_number,
    strange_numeral,
    strange_region,
    strange_title,
)
from chat.checking.notice import Holdings, notice_fault
from chat.checking.quoted import misplaced, quoted_fault
from chat.checking.reading import Figure, Segment, Sentence, compact, lines, plain, read, telling_grams
from chat.checking.source import Library, Source
from chat.checking.wording import aligned, force_fault, held_share, reversed_roles
from chat.checking.written import written_fault
from chat.outline import label_of
from chat.quantities import QuantityKind, find_quantities, implies
from chat.question import Question
from chat.spans import occurrences
from corpus.document import Clause, Document
from corpus.regions import find_regions


class Fault(StrEnum):
    """What a statement got wrong. The values are shown to staff."""

    CITATION = "引用"
    QUOTE = "引文"
    NUMBER = "数字"
    DATE = "日期"
    NAME = "名称"
    DOCUMENT = "文件"
    REGION = "地区"
    DEPARTMENT = "部门"
    FORCE = "语气"
    WORDS = "依据不足"
    DERIVED = "推算"
    NOTICE = "提示语"


@dataclass(frozen=True)
class Verdict:
    """Whether a statement stands; if not, what is wrong with it, in Chinese for the staff."""

    ok: bool
    reason: str = ""
    fault: Fault | None = None


_OK = Verdict(True)


def _no(fault: Fault, reason: str) -> Verdict:
    return Verdict(False, f"{fault}：{reason}", fault)


class Checker:
    """Checks statements one by one. Safe to use from several threads; keeps what it read of the clauses seen last.

    documents: the corpus, for what notices may name and for 库内未见废止; without it only what the question names.
    share: the least share of a reworded segment's words (names and figures aside) that must stand in the cited
    clauses. Chosen between rewordings and inventions written by hand over the bundled policies and seven laws: at
    0.65, 103 of 104 segments of rewordings reach it and none of 15 invented ones (the best of these has 0.56); of
    28,700 segments of the bundled policies put beside a clause that they are not from, 4.5 % do, nearly all of
    them because that clause says much the same.
    """

    def __init__(self, documents: Iterable[Document] = (), share: float = 0.65) -> None:
        self._documents = tuple(documents)
        self._holdings = Holdings(self._documents)
        self._share = share
        self._library = Library()

    def learn(self, clauses: Iterable[Clause]) -> None:
        """Read clauses before they are cited, so that no answer waits for it."""
        for source in self._library.sources(clauses):
            source.learn()

    def check(self, statement: Statement, question: Question) -> Verdict:
        """Decide whether a statement may be shown as an answer to the question."""
        if statement.kind == "notice":
            fault = notice_fault(statement, question, self._holdings)
            return _no(Fault.NOTICE, fault) if fault else _OK
        if not statement.text.strip():
            return _no(Fault.QUOTE, "没有内容")
        if not statement.citations or any(misplaced(citation) for citation in statement.citations):
            return _no(Fault.CITATION, "没有引用，或引用不在所引条款之内")
        sources = self._library.sources(citation.evidence.passage.clause for citation in statement.citations)
        foreign = _foreign(sources, question)
        if foreign:
            return _no(Fault.REGION, f"所引文件属于{foreign}，不是所问地区")
        if statement.kind == "quoted":
            return self._check_quoted(statement, question, sources)
        if statement.kind == "written" and (fault := written_fault(plain(statement.text), sources)):
            return _no(Fault.WORDS, fault)
        return self._check_derived(statement, question, sources)

    def _check_quoted(self, statement: Statement, question: Question, sources: tuple[Source, ...]) -> Verdict:
        fault = quoted_fault(statement)
        if fault:
            return _no(Fault.QUOTE, fault)
        return self._check_lead(statement, question, sources)

    def _check_lead(self, statement: Statement, question: Question, sources: tuple[Source, ...]) -> Verdict:
        """A lead names documents, places, roles; it may say nothing that the citations do not bear out."""
        lead = plain(statement.lead)
        if not lead.strip():
            return _OK
        derived = recompute("", _without_labels(lead, sources), self._grounds(statement, question, sources))
        if derived.fault:
            return _no(Fault.DERIVED, derived.fault)
        named = Named(lines(derived.rest))
        # A role in the lead (牵头单位：) is given to the departments that the text names.
        heads = Named(lines(lead + plain(statement.text))) if gives_role(lead) else named
        asked = statement.form == "row" and _is_asked(lead, question)
        checks = (
            _names(named, sources, _PLACED if asked else _NAMED),
            _OK if asked else _departments(heads, sources),
        )
        for verdict in checks:
            if not verdict.ok:
                return verdict
        if asked or not find_quantities(named.without):
            return _OK
        return _figures(read(named.without, statement=True), sources, question, figure_only=True)

    def _check_derived(
        self, statement: Statement, question: Question, sources: tuple[Source, ...]
    ) -> Verdict:
        lead, text = _without_labels(plain(statement.lead), sources), plain(statement.text)
        if any(compact(text) in source.whole_sentences for source in sources):
            return self._check_lead(statement, question, sources)
        if lead and statement.form == "row":
            lead = f"{lead.rstrip('：:')}："  # it stands in a cell of its own
        derived = recompute(lead, text, self._grounds(statement, question, sources))
        if derived.fault:
            return _no(Fault.DERIVED, derived.fault)
        named = Named(lines(derived.rest))
        for verdict in (_names(named, sources), _departments(named, sources)):
            if not verdict.ok:
                return verdict
        sentences = read(named.without, statement=True)
        figure_only = _is_figure(text, statement.form, sources)
        verdict = _figures(sentences, sources, question, figure_only=figure_only)
        if not verdict.ok:
            return verdict
        return self._check_words(sentences, sources, figure_only=figure_only)

    def _check_words(
        self, sentences: Sequence[Sentence], sources: Sequence[Source], *, figure_only: bool
    ) -> Verdict:
        for sentence, segment, allowed in _with_sources(sentences, sources):
            if held_share(segment, allowed) < self._share:
                return _no(Fault.WORDS, f"“{segment.text[:20]}”在所引条款中没有足够依据")
            meant = aligned(segment, sentence, allowed)
            fault = force_fault(segment, meant, allowed, figure_only=figure_only)
            if fault:
                return _no(Fault.FORCE, fault)
            turned = reversed_roles(segment, meant)
            if turned:
                return _no(Fault.WORDS, f"“{turned}”与原文的主次、先后不同")
        return _OK

    def _grounds(self, statement: Statement, question: Question, sources: tuple[Source, ...]) -> Grounds:
        by_clause = {id(source.clause): source for source in sources}
        quotes = tuple((by_clause[id(c.evidence.passage.clause)], c.quote) for c in statement.citations)
        return Grounds(sources, quotes, question, self._documents, plain(statement.lead + statement.text))


def _foreign(sources: Sequence[Source], question: Question) -> str:
    """The region of a cited document that the question did not ask about; empty if there is none."""
    asked = [mention for name in question.regions for mention in find_regions(name)]
    if not asked:
        return ""
    for source in sources:
        own = source.region
        if own is not None and not any(mention.province == own.province for mention in asked):
            return source.document.region
    return ""


def _without_labels(lead: str, sources: Sequence[Source]) -> str:
    """A lead without the labels of the cited clauses (二、（一）) where a label stands; any other is found out."""
    for source in sources:
        for label in (label_of(source.clause), source.clause.label):
            if label and label in lead:
                lead = _without_label(lead, label)
    return lead


def _without_label(lead: str, label: str) -> str:
    """Where a label stands: behind a document's name or at the head, before a heading or the colon (四 in 四川 is none)."""
    parts: list[str] = []
    done = 0
    for start, end in occurrences(label, lead):
        behind = lead[end:]
        if (not start or lead[start - 1] in "）》") and (not behind or behind.startswith(_BEHIND_LABEL)):
            parts += lead[done:start], "，"
            done = end
    return "".join(parts) + lead[done:]


def _is_asked(lead: str, question: Question) -> bool:
    """Whether a row is called by the thing that the question compares, and that is no department and no amount."""
    name = lead.rstrip("：: ")
    if name not in {plain(side) for side, _ in question.sides}:
        return False
    if any(q.kind in (QuantityKind.MONEY, QuantityKind.SHARE) for q in find_quantities(name)):
        return False
    runs = [mention.run for mention in find_mentions(name)]
    return not any(name.endswith(run) and not run.endswith(("部门", "机构", "单位")) for run in runs)


_BEHIND_LABEL = ("“", "：", ":", "另规定")
# What finds a name that the sources do not bear out; the first three say where it stands.
_NAMED = (
    (strange_number, Fault.DOCUMENT, "文号“{}”与所引文件不符"),
    (strange_title, Fault.DOCUMENT, "“{}”不是所引文件，也不在所引条款中"),
    (strange_region, Fault.REGION, "“{}”与所引文件的地区不符"),
    (strange_name, Fault.NAME, "“{}”不在所引条款中"),
    (strange_numeral, Fault.NUMBER, "“{}”不在所引条款中"),
)
_PLACED = _NAMED[:3]


def _names(
    named: Named,
    sources: Sequence[Source],
    checks: Sequence[tuple[Callable[[Named, Sequence[Source]], str], Fault, str]] = _NAMED,
) -> Verdict:
    for find, fault, message in checks:
        strange = find(named, sources)
        if strange:
            return _no(fault, message.format(strange))
    return _OK


def _departments(named: Named, sources: Sequence[Source]) -> Verdict:
    region = sources[0].document.region
    for mention in find_mentions(shorten(named.plain, region)):
        found = [
            roles for source in sources if (roles := match_name(mention.run, source.departments)) is not None
        ]
        if not found:
            return _no(Fault.DEPARTMENT, f"“{mention.run[-12:]}”不在所引条款中")
        roles = frozenset().union(*found)
        wrong = [role for role in mention.roles if not allows(role, roles)]
        # Who issued a document may be said in its text in other words; who is responsible may not.
        if wrong and not (wrong == [ISSUES] and not roles):
            return _no(Fault.DEPARTMENT, f"“{mention.run[-12:]}”不是{'、'.join(wrong)}单位")
    return _OK


def _figures(
    sentences: Sequence[Sentence], sources: Sequence[Source], question: Question, *, figure_only: bool
) -> Verdict:
    stated = {id(source): tuple(stated_figures((source,))) for source in sources}
    for sentence in sentences:
        condition: list[Stated] = []
        for _, segment, allowed in _with_sources((sentence,), sources):
            known = [item for source in allowed for item in stated[id(source)]]
            before: list[Stated] = []
            for figure in segment.figures:
                fault, standing = _stand(figure, segment, sentence, known, question, figure_only=figure_only)
                if figure.chained and not fault and not goes_with(before, standing):
                    fault = f"“{figure.quantity.text}”与前一数字在原文中不相连"
                if condition and not fault and not follows_from(condition, standing):
                    fault = f"“{figure.quantity.text}”在原文中属于另一情形"
                if fault:
                    return _no(Fault.NUMBER, fault)
                before = standing
            condition = before if segment.text.endswith("的") else []
            fault = _time_fault(segment, sentence, allowed)
            if fault:
                return _no(Fault.DATE, fault)
    return _OK


def _stand(
    figure: Figure,
    segment: Segment,
    sentence: Sentence,
    known: Sequence[Stated],
    question: Question,
    *,
    figure_only: bool,
) -> tuple[str, list[Stated]]:
    """What is wrong with a figure, or the stated figures that it stands on."""
    words = telling_words(figure, segment)
    if words or any(item.segment.text == segment.text for item in known):
        matches = best_matches(figure, segment, words, known)
    else:
        asked = telling_grams(question.topic or question.standalone or question.text)
        matches = asked_matches(figure, asked, known)
    if not matches:
        return f"“{figure.quantity.text}”在所引条款中找不到同一对象的数字", []
    faults = [
        fault_of(figure, segment, sentence, item, fragment=figure_only or not words) for item in matches
    ]
    standing = [item for item, fault in zip(matches, faults, strict=True) if not fault]
    return ("" if standing else faults[0]), standing


def _time_fault(segment: Segment, sentence: Sentence, sources: Sequence[Source]) -> str:
    """A date must stand in a cited clause, and govern there what it governs here."""
    if not segment.times:
        return ""
    stated = [
        time
        for source in sources
        for s in source.sentences
        for known in s.segments
        for time in known.own_times
    ]
    for claim in segment.own_times:
        if not any(implies(time, claim) for time in stated):
            return f"“{claim.text}”不在所引条款中"
    if segment.figures:
        return ""
    meant = aligned(segment, sentence, sources)
    dated = [
        known
        for known in meant
        if all(any(implies(time, claim) for time in known.times) for claim in segment.times)
    ]
    return f"“{segment.times[0].text}”与所述事项的时间不符" if meant and not dated else ""


def _with_sources(
    sentences: Sequence[Sentence], sources: Sequence[Source]
) -> list[tuple[Sentence, Segment, tuple[Source, ...]]]:
    """Each segment with the sources that may bear it: those of the region last named, if it is a cited document's."""
    pairs = []
    for sentence in sentences:
        allowed = tuple(sources)
        for segment in sentence.segments:
            mentions = find_regions(segment.text) if len(sources) > 1 else []
            if mentions:
                own = tuple(source for source in sources if is_in(mentions[-1], source))
                allowed = own or allowed
            elif segment.text.startswith("国家") and len(sources) > 1:
                own = tuple(source for source in sources if source.document.level == "国家")
                allowed = own or allowed
            pairs.append((sentence, segment, allowed))
    return pairs


def _is_figure(text: str, form: str, sources: Sequence[Source]) -> bool:
    """Whether a statement only names a figure with the words at it, as a slice of one segment, without asserting more."""
    words = compact(text)
    quantities = find_quantities(words)
    if not quantities:
        return False
    core = words.rstrip("。；;，,")
    if core == words[quantities[0].phrase_start : quantities[-1].phrase_end] and len(quantities) == 1:
        return True
    if words != core and form not in ("figure", "row"):
        return False
    # 左右 behind the last figure of an enumeration may have been put behind this one.
    slices = (core, words[: quantities[-1].end])
    segments = (
        segment.text for source in sources for sentence in source.sentences for segment in sentence.segments
    )
    return any(piece in segment for segment in segments for piece in slices)
