"""One answer judged against one case: its scores, and in Chinese what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chat.answer import Answer, to_markdown
from corpus.document import Document
from eval import metrics
from eval.cases import Case
from eval.gold import ClauseKey, Expected, clause_key, provinces_in
from eval.match import contains, says, visible

RANKS = 5  # recall of the gold clauses among the first five of the evidence


@dataclass(frozen=True)
class Scores:
    """The figures of one answer. Shares are 0 to 1; None where the case expects nothing of the sort."""

    right: bool  # all that the case expects
    refusal_right: bool
    clause_recall: float | None  # groups of quotes with a gold clause cited
    citation_precision: float | None  # cited clauses that are gold
    recall_5: float | None  # groups of quotes with a gold clause in the first five of the evidence
    reciprocal_rank: float | None  # of the first gold clause in the evidence
    fact_coverage: float | None
    document_recall: float | None  # expected documents cited
    leaks: int  # forbidden strings in the answer
    foreign: int  # cited documents of a region that was not asked about
    within_limits: bool
    length: int  # characters, without citation markers
    citations: int


@dataclass(frozen=True)
class Result:
    """A case, the answer it got, and the judgement in Chinese.

    `misses` is empty exactly when the answer is right; `notes` tell what is wanting in an answer that may be.
    """

    case: Case
    answer: Answer
    text: str  # the answer as it is shown (markdown)
    took_ms: float
    scores: Scores
    misses: tuple[str, ...]
    notes: tuple[str, ...] = ()
    gold: frozenset[ClauseKey] = frozenset()  # the clauses that any group of quotes asks for


def judge(case: Case, expected: Expected, answer: Answer, took_ms: float) -> Result:
    """Score an answer: right when it refuses exactly if due, cites and says what it must, leaks nothing."""
    text = to_markdown(answer)
    length = len(visible(text))
    cited = {clause_key(citation.clause) for citation in answer.citations}
    documents = {citation.document.id: citation.document for citation in answer.citations}
    unsaid = [group for group in case.facts if not says(text, group)]
    leaks = [forbidden for forbidden in case.forbidden if contains(text, forbidden)]
    foreign = [document for document in documents.values() if is_foreign(document, expected.provinces, text)]
    misses = [f"出现禁止内容：“{leak}”" for leak in leaks]
    if answer.refused and case.answerable:
        misses.append(f"应回答而拒答：{answer.reason or '未说明原因'}")
    elif not answer.refused and not case.answerable:
        misses.append("应拒答而回答")
    elif case.answerable:
        misses += _uncited(case, expected, cited, documents)
        misses += [f"缺少事实：{_either(group)}" for group in unsaid]
        misses += [f"引用其他地区的文件：《{document.title}》" for document in foreign]
    else:  # of a refusal the facts are what it must name: the region, document or year that is not there
        misses += [f"拒答未说明：{_either(group)}" for group in unsaid]
    gold = expected.groups if case.answerable else ()
    ranked = list(dict.fromkeys(clause_key(evidence.passage.clause) for evidence in answer.evidence))
    scores = Scores(
        right=not misses,
        refusal_right=answer.refused != case.answerable,
        clause_recall=metrics.group_recall(gold, cited),
        citation_precision=metrics.precision(cited, set().union(*gold)) if gold else None,
        recall_5=metrics.recall_at(gold, ranked, RANKS),
        reciprocal_rank=metrics.reciprocal_rank(gold, ranked),
        fact_coverage=1 - len(unsaid) / len(case.facts) if case.facts else None,
        document_recall=metrics.group_recall(expected.documents, documents) if case.answerable else None,
        leaks=len(leaks),
        foreign=len(foreign),
        within_limits=metrics.within_limits(case.kind, length, len(answer.citations)),
        length=length,
        citations=len(answer.citations),
    )
    notes = () if scores.within_limits else (f"过长：{length} 字，{scores.citations} 处引用",)
    return Result(
        case, answer, text, took_ms, scores, tuple(misses), notes, frozenset().union(*expected.groups)
    )


def _uncited(
    case: Case, expected: Expected, clauses: Collection[ClauseKey], documents: Collection[str]
) -> list[str]:
    quotes = zip(case.quotes, expected.groups, strict=True)
    names = zip(case.documents, expected.documents, strict=True)
    uncited = [quote for quote, gold in quotes if not any(key in clauses for key in gold)]
    unnamed = [name for name, ids in names if not any(id_ in documents for id_ in ids)]
    return [f"未引应引条款：{_either(q)}" for q in uncited] + [f"未引应引文件：{name}" for name in unnamed]


def _either(group: Sequence[str]) -> str:
    return f"“{' / '.join(group)}”"


def is_foreign(document: Document, provinces: frozenset[str], text: str) -> bool:
    """Whether citing the document mixes up regions. National policy never does.

    Where the case names no region, a province's policy may be cited if the answer says whose it is.
    """
    own = provinces_in(document.region)
    return bool(own) and not own & (provinces or provinces_in(text))
