"""Read web pages. The page itself is the source: cleaning takes the tags out and records them."""

from __future__ import annotations

import re

from corpus.read_text import UnreadableError, decode

_FRAMES = re.compile(r"<frameset\b", re.IGNORECASE)


def read_html(data: bytes) -> str:
    """The decoded page, tags included. Raises `UnreadableError` for a page that only frames others."""
    source = decode(data)
    if _FRAMES.search(source):
        raise UnreadableError("网页只是框架，正文在另外的网页里：请保存正文所在的网页。")
    return source
