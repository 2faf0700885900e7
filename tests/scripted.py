"""A language model that writes what a test tells it to, from the clauses in its prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.writing.model import Ended, Ending, LanguageModel, Message
from chat.writing.opening import Writing
from chat.writing.prompt import Prompt
from chat.writing.rewrite import Completion
from chat.writing.writer import ModelWriter
from tests.stub_model import CLAUSE, pieces


class Scripted:
    """Replies with `script`; {…} in it becomes the marker of the clause that has these words."""

    name = "scripted"

    def __init__(self, script: str = "") -> None:
        self.script = script
        self.prompts: list[Sequence[Message]] = []

    def reply(self, messages: Sequence[Message], seconds: float) -> Iterator[str | Ended]:
        self.prompts.append(messages)
        found = CLAUSE.findall(messages[-1].content)

        def marker(match: re.Match[str]) -> str:
            numbers = [number for number, _, text in found if match[1] in text]
            assert numbers, f"no clause has {match[1]}"
            return f"[{numbers[0]}]"

        yield from pieces(re.sub(r"\{(.+?)\}", marker, self.script))
        yield Ended(Ending.STOP, 700, len(self.script))


def writing(model: LanguageModel, *, follow_ups: bool = False, seconds: float = 40.0) -> Writing:
    """The parts of an assistant that ask this model; between tries nobody waits."""
    prompt = Prompt()
    writer = ModelWriter(model, prompt, seconds=seconds, sleep=lambda _: None)
    return Writing(writer, Completion(model, prompt) if follow_ups else None)
