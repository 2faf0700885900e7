"""The same notice from several sites is one document: find such copies and keep the fullest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.document import Document

_SHINGLE = 8  # characters; long enough that two policies on one matter share few
_SAME = 0.9  # share of the shorter one's shingles that the longer one holds
_LEAST = 100  # characters of body; less says nothing
_NOT_WORDS = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]+")


def merge_copies(documents: Sequence[Document]) -> list[Document]:
    """Each notice once, in the order of first appearance; `copies` of what is kept names the other files.

    Copies share every word, or number or title and nearly every word. Versions of one law share their
    title, but not their day of issue. The work grows with the number of documents, not of pairs.
    """
    kept: list[list[Document]] = []
    by_key: dict[tuple[str, object], list[int]] = defaultdict(list)
    for document in documents:
        bare = _bare(document)
        keys = _keys(document, bare)
        group = next(
            (place for key in keys for place in by_key[key] if _is_copy(kept[place][0], document, key[0])),
            None,
        )
        if group is None:
            group = len(kept)
            kept.append([])
        kept[group].append(document)
        for key in keys:
            if group not in by_key[key]:
                by_key[key].append(group)
    return [_fullest(group) for group in kept]


def _bare(document: Document) -> str:
    """The body in ideographs and digits alone, without title block and signature."""
    return _NOT_WORDS.sub(
        "",
        "".join(clause.text for clause in document.clauses if clause.label not in ("版头", "落款")),
    )


def _keys(document: Document, bare: str) -> list[tuple[str, object]]:
    keys: list[tuple[str, object]] = []
    if len(bare) >= _LEAST:
        keys.append(("words", hash(bare)))
    if document.number:
        keys.append(("number", document.number))
    title = _NOT_WORDS.sub("", document.title)
    if len(title) >= 6:
        keys.append(("title", title))
    return keys


def _is_copy(first: Document, second: Document, shared: str) -> bool:
    """Whether two documents that share their words, number or title are one, printed twice."""
    if first.number and second.number and first.number != second.number:
        return False
    one, other = first.issued_on, second.issued_on
    if one and other and (one.year != other.year or (one.day and other.day and one.day != other.day)):
        return False
    if shared == "words":
        return True
    if not (first.number or second.number) and not (one and other):
        return False  # two undated texts of one title may be versions: only the same words make them one
    return _likeness(_bare(first), _bare(second)) >= _SAME


def _likeness(first: str, second: str) -> float:
    """The share of the shorter text's shingles that stand in the longer; 0 if either says nothing."""
    if min(len(first), len(second)) < _LEAST:
        return 0.0
    shorter, longer = sorted((_shingles(first), _shingles(second)), key=len)
    return len(shorter & longer) / len(shorter)


def _shingles(bare: str) -> set[str]:
    return {bare[place : place + _SHINGLE] for place in range(len(bare) - _SHINGLE + 1)}


def _fullest(group: Sequence[Document]) -> Document:
    """The copy that says most: with number, day of issue, issuers, and the longest text."""
    best = max(
        group,
        key=lambda item: (
            bool(item.number),
            bool(item.issued_on and item.issued_on.day),
            bool(item.issuers),
            len(item.text),
        ),
    )
    others = tuple(item.file for item in group if item is not best)
    if not others:
        return best
    url = best.source_url or next((item.source_url for item in group if item.source_url), "")
    return rebind(replace(best, copies=others, source_url=url))


def rebind(document: Document) -> Document:
    """A changed copy of a document with clauses and rules that refer to it and no longer to the first."""
    clauses = tuple(replace(clause, document=document) for clause in document.clauses)
    new = dict(zip((clause.id for clause in document.clauses), clauses, strict=True))
    rules = tuple(replace(rule, clause=new[rule.clause.id]) for rule in document.rules)
    object.__setattr__(document, "clauses", clauses)
    object.__setattr__(document, "rules", rules)
    return document


def with_unique_ids(documents: Iterable[Document]) -> list[Document]:
    """Documents that share an id with an earlier one get their file's path as id instead."""
    seen: set[str] = set()
    unique = []
    for document in documents:
        name, count = document.id, 1
        while name in seen:
            name = document.file if count == 1 else f"{document.file}~{count}"
            count += 1
        seen.add(name)
        unique.append(document if name == document.id else rebind(replace(document, id=name)))
    return unique
