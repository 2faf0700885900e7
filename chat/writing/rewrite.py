"""Follow-up questions completed by the model; where it adds anything of its own, the rules complete them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from chat.answer import Usage
from chat.question import Turn
from chat.writing.model import LanguageModel
from chat.writing.prompt import Prompt
from chat.writing.writer import Reply
from corpus.numbers import find_numbers
from corpus.regions import find_regions

log = logging.getLogger(__name__)

_LONGEST = 160  # characters of a question
_KNOWN = 0.7  # share of the completed question's pairs of characters that the conversation must have
_TITLE = re.compile(r"《([^《》]+)》")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LABEL = re.compile(r"^(?:改写后的?问句|改写|问题|问)[：:]\s*")
_FRAME = re.compile(
    r"请问|是什么|有哪些|哪些|多少|什么|如何|怎么|怎样|是否|方面|关于|对于|政策|规定|的|了|吗|呢"
)


class Completion:
    """Completes follow-ups by a language model."""

    def __init__(self, model: LanguageModel, prompt: Prompt, seconds: float = 10.0) -> None:
        """`seconds`: a question that takes longer to complete than to answer is completed by rules."""
        self._model = model
        self._prompt = prompt
        self._seconds = seconds

    def complete(self, text: str, history: Sequence[Turn]) -> tuple[str, Usage]:
        """The question complete in itself, empty where the model failed or added something; and what it took."""
        reply = Reply(self._model, self._prompt.completion(text, history), self._seconds, tries=1)
        sentences = [sentence.text for sentence in reply.sentences()]
        written = _LABEL.sub("", sentences[0]) if len(sentences) == 1 and not reply.trouble else ""
        if written and not is_faithful(written, text, history):
            log.info("a completed follow-up adds something and is not used")
            written = ""
        return written, reply.usage()


def is_faithful(written: str, text: str, history: Sequence[Turn]) -> bool:
    """Whether a completed question names nothing that the conversation does not name."""
    said = "\n".join((*(turn.content for turn in history), text))
    known = {mention.province + mention.city for mention in find_regions(said)}
    known |= {mention.province for mention in find_regions(said)}
    pairs = _pairs(written)
    return (
        0 < len(written) <= _LONGEST
        and all(mention.province + mention.city in known for mention in find_regions(written))
        and all(title in said for title in _TITLE.findall(written))
        and all(number in said for _, _, number in find_numbers(written))
        and set(_DIGITS.findall(written)) <= set(_DIGITS.findall(said))
        and len(pairs & _pairs(said)) >= _KNOWN * len(pairs)
    )


def _pairs(text: str) -> frozenset[str]:
    runs = re.findall(r"[㐀-鿿]+", _FRAME.sub(" ", text))
    return frozenset(run[i : i + 2] for run in runs for i in range(len(run) - 1))
