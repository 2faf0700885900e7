"""Words of the corpus that a question writes with wrong characters of the same sound, or by pinyin initials."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import jieba
from pypinyin import lazy_pinyin

from corpus.document import Document
from index.words import tokenize

_QUOTED = re.compile(r"[“《]([㐀-鿿]{3,8})[”》]|“([㐀-鿿]{2})”")
_HAN = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,20}(?![A-Za-z0-9])")
_FUNCTION = re.compile(r"^[的了和与在等对为将及或有是不以可由其各]|[的了和与在等对为将及或有是]$")
_LONGEST, _SHORTEST = 8, 3
_MOST = 20000  # words that are kept, the commonest first; more would slow the start


@dataclass(frozen=True)
class Spelling:
    """Sounds of the corpus's own words. Built once per snapshot."""

    _by_sound: dict[tuple[str, ...], str]
    _by_letters: dict[str, str]
    _words: frozenset[str]
    own_words: frozenset[str]  # names that the corpus quotes, and words of it that no dictionary has

    @classmethod
    def of(cls, documents: Iterable[Document], most_characters: int = 2_000_000) -> Spelling:
        """Collect the words of at least three characters that `documents` use twice, or quote.

        At most `most_characters` of text are read, since words of a large corpus repeat.
        """
        counts: Counter[str] = Counter()
        names: Counter[str] = Counter()
        read = 0
        for document in documents:
            names.update(a or b for a, b in _QUOTED.findall(document.text[:20000]))
            read += len(document.text)
            if read <= most_characters:
                counts.update(
                    word for word in tokenize(document.text) if len(word) >= 2 and _HAN.fullmatch(word)
                )
        jieba.dt.check_initialized()
        words = [word for word, count in counts.most_common(_MOST) if count >= 2 and len(word) >= _SHORTEST]
        new = [word for word, count in counts.items() if count >= 3 and word not in jieba.dt.FREQ]
        # A quoted name outweighs a mere word of the same sound.
        ranked = [
            *words[::-1],
            *(name for name, _ in names.most_common(_MOST)[::-1] if len(name) >= _SHORTEST),
        ]
        by_sound = {tuple(lazy_pinyin(word)): word for word in ranked}
        by_letters = {
            "".join(sound[0] for sound in lazy_pinyin(name)): name
            for name in ranked
            if name in names and len(name) >= _SHORTEST
        }
        by_letters |= {"".join(lazy_pinyin(name)): name for name in names if len(name) >= _SHORTEST}
        own = frozenset(names) | {word for word in new if not _FUNCTION.search(word)}
        return cls(by_sound, by_letters, frozenset(ranked), own)

    def correct(self, text: str) -> str:
        """The text with such words written as the corpus writes them; other text is left alone."""
        text = _LATIN.sub(lambda match: self._by_letters.get(match[0].lower(), match[0]), text)
        return _HAN.sub(lambda match: self._correct_run(match[0]), text)

    def _correct_run(self, run: str) -> str:
        if len(run) < _SHORTEST:
            return run
        sounds = lazy_pinyin(run)
        if len(sounds) != len(run):
            return run
        position, out = 0, []
        while position < len(run):
            for length in range(min(_LONGEST, len(run) - position), _SHORTEST - 1, -1):
                piece = run[position : position + length]
                word = self._by_sound.get(tuple(sounds[position : position + length]))
                if piece in self._words or piece in jieba.dt.FREQ:
                    word = piece
                if word and (word == piece or _close(piece, word)):
                    out.append(word)
                    position += length
                    break
            else:
                out.append(run[position])
                position += 1
        return "".join(out)


def _close(piece: str, word: str) -> bool:
    """Whether most characters agree, so that a chance homophone is not taken for a typing error."""
    wrong = sum(a != b for a, b in zip(piece, word, strict=True))
    return wrong == 1 or (wrong == 2 and len(word) >= 5)
