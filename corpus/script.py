"""Simplified and traditional script: conversion for display, for search, and telling which is which."""

from __future__ import annotations

import functools

import opencc

_SAMPLE = 800  # characters from the beginning and the middle, enough to tell
_CJK = [chr(code) for code in range(0x4E00, 0xA000)]


@functools.cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@functools.cache
def _telling_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only traditional, and that only simplified text uses."""
    each = "\n".join(_CJK)  # one a line, so that no phrase rule sees two together
    traditional = {
        a for a, b in zip(_CJK, _converter("t2s").convert(each).split("\n"), strict=True) if a != b
    }
    simplified = {a for a, b in zip(_CJK, _converter("s2t").convert(each).split("\n"), strict=True) if a != b}
    return frozenset(traditional - simplified), frozenset(simplified - traditional)


def simplify(text: str) -> str:
    """Convert to simplified script, character by character (t2s); the length stays the same."""
    return _simplified(text) if len(text) <= _SAMPLE else _simplified.__wrapped__(text)


@functools.lru_cache(maxsize=512)  # a question is read as a whole, in parts and with the turns before
def _simplified(text: str) -> str:
    simple = _converter("t2s").convert(text)
    if len(simple) == len(text):
        return simple
    # A phrase rule changed the length: offsets matter more, so convert each character alone.
    return "".join(s if len(s := _converter("t2s").convert(char)) == 1 else char for char in text)


def search_form(text: str) -> str:
    """Convert to simplified script with mainland words (智慧製造 → 智能制造), for search alone.

    The length may change, so nothing of this may be quoted.
    """
    return _converter("tw2sp").convert(text)


def to_traditional(text: str) -> str:
    """Convert to traditional script, for answers to those who ask in it."""
    return _converter("s2t").convert(text)


def is_traditional(text: str) -> bool:
    """Whether the text is written in traditional script. A few stray characters do not decide it."""
    traditional, simplified = _telling_characters()
    seen = set(text[:_SAMPLE]) | set(text[len(text) // 2 :][:_SAMPLE])
    return len(seen & traditional) > 2 * len(seen & simplified)
