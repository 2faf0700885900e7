"""Who is responsible: the departments of the clause that the question means, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.answer import Citation, Statement
from chat.candidate import Candidate
from chat.outline import label_of
from chat.quoting.lists import with_lead
from chat.quoting.selection import Selection, cite_clause, in_order, name_of, place_of
from corpus.document import Clause, Document

_BRACKETS = re.compile(r"[（(]([^（）()]*(?:负责|牵头|配合|落实)[^（）()]*)[）)]")
# How laws say who acts, decides or pays; a sentence of this form is preferred to one that is not.
_ACTS = re.compile(
    r"负责|牵头|主管|监督管理|会同|承担|负担|垫付|支付|报送|提交|报告|备案|申请|批准|审批|决定|受理|初审|审核|复核|验收|认定|拨付|发放|公示|由.{2,30}(?:执行|处理|查处|处罚|组织|办理)"
)
# Deeds that the sentence itself tells of; the bracket behind a task names who answers for the whole of it.
_DEEDS = re.compile(
    r"审核|审查|审批|评审|受理|拨付|备案|验收|公示|复核|(?:谁|部门|单位|机构)(?:来|负责)?[审批收]"
)
_SHORT_DEEDS = ((r"[谁门位构]来?审", "审核"), (r"[谁门位构]来?批", "审批"), (r"[谁门位构]来?收", "受理"))
_AGENCY = re.compile(
    r"部门|机关|机构|委员会|政府|财政|(?:服务|促进|发展|保护|管理)中心|协会|银行|管委会|督查室|[厅局委部署院](?![分门位])"
)
_DUTY = re.compile(
    r"^\s*[（(]?(?:责任|牵头|配合|主管|主办)(?:单位|部门)[：:]|^[^。；]{0,60}(?:牵头|分工负责)[^。；]{0,40}[）)]?。?\s*$"
)
# The whole of a task is asked about, not one deed: the departments named behind it answer.
_RESPONSIBLE = re.compile(
    r"负责|牵头|领头|带头|挑头|主抓|主导|主管|分工|配合|责任|归(?:谁|哪|什么)|管(?![理着])"
)
# Who acts without being an authority: 由承保公司代办, 用人单位承担.
_ACTOR = re.compile(
    r"由[^，。；]{2,20}|向[^，。；]{2,16}(?:申请|提交|报|备案|投诉|举报|提出)|(?:单位|公司|协会|[人者])(?:应当|可以|承担|负担|负责)"
)
_PREFERRED, _DEED = 0.04, 0.08
_CLOSE = 0.9  # a second clause is named as well when it comes this close to the best
_MOST = 3


def write_departments(selection: Selection, documents: Sequence[Document]) -> Iterator[Statement]:
    """Name the departments of the best clause of each of `documents`, or tell the sentence that names who acts."""
    if (told := _told_by_sentence(selection, documents)) is not None:
        yield from told
        return
    for document in in_order(documents):
        done = (
            list(_stated_in_sentences(selection, document)) if _asks_deed(selection.question.wording) else []
        )
        if done and len(documents) == 1:
            yield from done
            return
        clauses = responsible_clauses(selection, document)[: 1 if len(documents) > 1 else _MOST]
        name = f"{name_of(document)}"
        for clause in clauses:
            citation = duty_of(clause)
            if citation is not None:
                yield Statement(citation.quote, (citation,), lead=f"{name}{place_of(clause)}：")
                name = ""
        yield from _general_rules(clauses)
        if not clauses:
            yield from _stated_in_sentences(selection, document)


def _told_by_sentence(selection: Selection, documents: Sequence[Document]) -> list[Statement] | None:
    """The sentence that by the learned ranking answers best, where it is none that names who answers for a whole task.

    None without a learned ranking, or where the departments of the clause are what ranks first.
    """
    if selection.confidence is None or len(documents) > 1:
        return None
    ranked = [c for c in selection.of(documents[0]) if c.sentence.role != "heading"]
    best = max(ranked, key=lambda candidate: candidate.behind, default=None)
    if best is None or best.behind < 0 or best.sentence.role == "duty" or _DUTY.search(best.sentence.text):
        return None
    if _RESPONSIBLE.search(selection.question.wording) and _with_departments(
        selection, documents[0], best.clause
    ):
        return None
    if not names_actor(best.sentence.text):
        return None
    named = f"{name_of(best.document)}{label_of(best.clause)}："
    opened = list(with_lead(best, named))
    return [*opened, Statement(best.sentence.text.strip(), (best.cite(),), lead="" if opened else named)]


def names_actor(text: str) -> bool:
    """Whether a sentence names an authority, or whoever else acts."""
    return bool(_AGENCY.search(text) or _ACTOR.search(text))


def _asks_deed(asked: str) -> bool:
    """Whether a deed is asked about; one that is part of a quoted name (“一窗受理”) is not."""
    return bool(_DEEDS.search(re.sub(r"“[^”]*”", "", asked)))


def responsible_clauses(selection: Selection, document: Document) -> list[Clause]:
    """The clauses that the question means and that name departments, the best first."""
    best: dict[str, tuple[float, Clause]] = {}
    for candidate in selection.of(document):
        clause = candidate.clause
        if clause.id not in best:
            best[clause.id] = (candidate.score, clause)
    if not best:
        return []
    top = max(score for score, _ in best.values())
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].start))
    chosen: dict[str, Clause] = {}
    for score, clause in ranked:
        if score < _CLOSE * top:
            break
        for owner in _with_departments(selection, document, clause):
            chosen.setdefault(owner.id, owner)
    return list(chosen.values())[:_MOST]


def _with_departments(selection: Selection, document: Document, clause: Clause) -> list[Clause]:
    """The clause itself if it names departments, else the nearest above that does, else those below."""
    if clause.departments:
        return [clause]
    outline = selection.outline(document)
    above = next((c for c in outline.ancestors(clause) if c.departments), None)
    if above is not None:
        return [above]
    return [child for child in outline.children(clause) if child.departments]


def duty_of(clause: Clause) -> Citation | None:
    """The words in which a clause names its departments, without the brackets around them."""
    found = None
    for match in _BRACKETS.finditer(clause.text):
        if any(department.name in re.sub(r"\s", "", match[1]) for department in clause.departments):
            found = match
    if found is not None:
        return cite_clause(clause, clause.start + found.start(1), clause.start + found.end(1))
    line = next(
        (line for line in reversed(clause.text.splitlines()) if clause.departments[0].name in line), ""
    )
    start = clause.text.rfind(line) if line else -1
    return cite_clause(clause, clause.start + start, clause.start + start + len(line)) if start >= 0 else None


def _general_rules(clauses: Sequence[Clause]) -> Iterator[Statement]:
    """What an earlier clause says for all that follow it (以下均需…落实，不再列出), once."""
    for rule in clauses[0].document.rules if clauses else ():
        if any(rule.clause.part == clause.part and rule.clause.start < clause.start for clause in clauses):
            citation = cite_clause(rule.clause, rule.start, rule.end)
            yield Statement(citation.quote, (citation,), lead=f"{label_of(rule.clause)}另规定：")


def _stated_in_sentences(selection: Selection, document: Document) -> Iterator[Statement]:
    """Laws name who is responsible in the sentence itself (由…主管部门负责…)."""
    body = [c for c in selection.of(document) if c.sentence.role == "body" and _ACTS.search(c.sentence.text)]
    wording = selection.question.wording
    deeds = _ACTS.findall(wording)[-1:] + [deed for said, deed in _SHORT_DEEDS if re.search(said, wording)]
    marked = sorted(((_form(c, deeds), c) for c in body), key=lambda pair: (-pair[0], pair[1].sentence.start))
    for mark, candidate in marked[:2]:
        if mark >= 0.96 * marked[0][0]:
            lead = f"{name_of(document)}{label_of(candidate.clause)}："
            yield Statement(candidate.sentence.text, (candidate.cite(),), lead=lead)


def _form(candidate: Candidate, deeds: Sequence[str]) -> float:
    """The score, raised where the sentence names an authority, and the deed that is asked about last."""
    text = candidate.sentence.text
    return (
        candidate.score
        + _PREFERRED * bool(_AGENCY.search(text))
        + _DEED * any(deed in text for deed in deeds)
    )


def write_tasks(
    selection: Selection, documents: Sequence[Document], names: Sequence[str]
) -> Iterator[Statement]:
    """The other way round: the clauses for which the named departments are responsible."""
    left = 8
    for document in in_order(documents):
        for clause in document.clauses:
            if left and any(
                name == d.name or d.name.endswith(name) for d in clause.departments for name in names
            ):
                citation = duty_of(clause)
                if citation is not None:
                    left -= 1
                    yield Statement(
                        citation.quote,
                        (citation,),
                        lead=f"{name_of(document)}{place_of(clause)}：",
                        form="bullet",
                    )
