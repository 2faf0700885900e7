"""Words of the corpus that a question writes with wrong characters of the same sound, or by pinyin initials."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise

import rjieba
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.seg.mmseg import seg

from chat.dictionary import dictionary
from corpus.document import Document
from index.words import tokenize

_QUOTED = re.compile(r"[“《]([㐀-鿿]{3,8})[”》]|“([㐀-鿿]{2})”")
_HAN = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,20}(?![A-Za-z0-9])")
_FUNCTION = re.compile(r"^[的了和与在等对为将及或有是不以可由其各]|[的了和与在等对为将及或有是]$")
# Characters that stand alone as often as in words; what they make with a neighbour is no misspelt word.
_LITTLE = re.compile(
    r"[的地得了和与在等对为将及或有是不以可由其各到里能给要会多少几个这那我你他它也都就还再又很太最更没吗呢吧啊把被让从向于之者上下内外前后年月日元家项条一二三四五六七八九十百千万两]"
)
_LONGEST, _SHORTEST = 8, 3
_COMMON = 3  # times that a word of two characters occurs
_MOST = 20000  # words that are kept, the commonest first; more would slow the start


@dataclass(frozen=True)
class Spelling:
    """Sounds of the corpus's own words. Built once per snapshot."""

    _by_sound: dict[tuple[str, ...], str]
    _by_letters: dict[str, str]
    _pairs: dict[tuple[str, ...], str]  # common words of two characters
    _words: frozenset[str]
    own_words: frozenset[str]  # names that the corpus quotes, and words of it that no dictionary has

    @classmethod
    def of(cls, documents: Iterable[Document], most_characters: int = 2_000_000) -> Spelling:
        """Collect the words of at least three characters that `documents` use twice, or quote.

        At most `most_characters` of text are read, since words of a large corpus repeat.
        """
        known = dictionary()
        counts, pairs, names = _count(documents, most_characters)
        fixed = {
            a + b
            for (a, b), count in pairs.items()
            if count >= 3 and count >= 0.6 * min(counts[a], counts[b]) and 4 <= len(a + b) <= _LONGEST
        }
        words = [w for w, n in counts.most_common(_MOST) if n >= 2 and len(w) >= _SHORTEST]
        quoted = [name for name, _ in names.most_common(_MOST) if len(name) >= _SHORTEST]
        # A quoted name outweighs a fixed pair of words, and that a mere word of the same sound.
        ranked = [*words[::-1], *sorted(fixed), *quoted[::-1]]
        by_letters = {
            "".join(sound[0] for sound in _sounds(name)): name for name in [*sorted(fixed), *quoted]
        }
        by_letters |= {"".join(_sounds(name)): name for name in quoted}
        new = {w for w, n in counts.items() if n >= 3 and not known.begins(w) and not _FUNCTION.search(w)}
        by_sound = {_sounds(word): word for word in ranked}
        pairs_by_sound = {
            _sounds(w): w for w, n in counts.most_common(_MOST)[::-1] if n >= _COMMON and len(w) == 2
        }
        return cls(by_sound, by_letters, pairs_by_sound, frozenset(ranked), frozenset(names) | new)

    def correct(self, text: str) -> str:
        """The text with such words written as the corpus writes them; other text is left alone."""
        text = _LATIN.sub(lambda match: self._by_letters.get(match[0].lower(), match[0]), text)
        return _HAN.sub(lambda match: self._correct_run(match[0]), text)

    def _correct_run(self, run: str) -> str:
        sounds = _sounds(run)
        if len(run) < _SHORTEST or len(sounds) != len(run):
            return run
        # A word is mended only where words end; 创新行动 holds the sound of 创新型, but 行动 is a word.
        borders = {0, *accumulate(len(word) for word in rjieba.cut(run, False))}
        position, out = 0, []
        while position < len(run):
            word = self._word_at(run, sounds, position, borders)
            out.append(word or run[position])
            position += len(word) or 1
        return "".join(out)

    def _word_at(self, run: str, sounds: tuple[str, ...], position: int, borders: set[int]) -> str:
        """The word of the corpus that begins here, as it is written there; empty if none does."""
        known = dictionary()
        for length in range(min(_LONGEST, len(run) - position), _SHORTEST - 1, -1):
            piece = run[position : position + length]
            if piece in self._words or known.begins(piece):
                return piece
            word = self._by_sound.get(sounds[position : position + length], "")
            if word and {position, position + length} <= borders and _close(piece, word):
                return word
        return self._pair_at(run, sounds, position, borders)

    def _pair_at(self, run: str, sounds: tuple[str, ...], position: int, borders: set[int]) -> str:
        """A common word of two characters of which one is written wrong, where the cut finds no word: 冷臧 for 冷藏."""
        if not {position, position + 1, position + 2} <= borders:
            return ""
        piece = run[position : position + 2]
        word = self._pairs.get(sounds[position : position + 2], "")
        if not word or dictionary().begins(piece) or _LITTLE.search(piece):
            return ""
        return word if _close(piece, word) else ""


def _sounds(text: str) -> tuple[str, ...]:
    """The sounds of a text: those of its words as pypinyin cuts it, which come again and again."""
    return tuple(chain.from_iterable(map(_sounds_of_word, seg.cut(text))))


@lru_cache(maxsize=50_000)
def _sounds_of_word(word: str) -> tuple[str, ...]:
    """What `lazy_pinyin` gives, from pypinyin's tables: it is asked for thousands of words at every start."""
    known = PHRASES_DICT.get(word) or [[PINYIN_DICT.get(ord(char), char).split(",")[0]] for char in word]
    return tuple(_without_tone(sounds[0]) for sounds in known)


_without_tone = lru_cache(maxsize=8192)(to_normal)


def _count(
    documents: Iterable[Document], most_characters: int
) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[str]]:
    """How often words, pairs of neighbouring words and quoted names occur."""
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    names: Counter[str] = Counter()
    read = 0
    for document in documents:
        names.update(a or b for a, b in _QUOTED.findall(document.text[:20000]))
        if read <= most_characters:
            tokens = tokenize(document.text)
            whole = {word for word in set(tokens) if len(word) >= 2 and _HAN.fullmatch(word)}
            words = [word for word in tokens if word in whole]
            counts.update(words)
            pairs.update(pairwise(words))
            read += len(document.text)
    return counts, pairs, names


def _close(piece: str, word: str) -> bool:
    """Whether most characters agree, so that a chance homophone is not taken for a typing error."""
    wrong = sum(a != b for a, b in zip(piece, word, strict=True))
    return wrong == 1 or (wrong == 2 and len(word) >= 5)
