"""What the browser remembers of a conversation, so that it survives a reload."""

from __future__ import annotations

from dataclasses import dataclass

from chat.contract import QUESTION_CHARACTERS

ANYWHERE = "全部地区"
KEPT_TURNS = 20  # of a conversation that the browser remembers
ID_CHARACTERS = 100


@dataclass(frozen=True)
class Exchange:
    """A question and the id of its answer; no id where it was stopped or failed."""

    question: str
    answer_id: str = ""


@dataclass(frozen=True)
class Kept:
    """What the browser remembers. It comes back from the browser, so nothing of it is believed."""

    exchanges: tuple[Exchange, ...] = ()
    region: str = ANYWHERE

    @classmethod
    def read(cls, value: object) -> Kept:
        """What is usable of a value from the browser."""
        if not isinstance(value, dict):
            return cls()
        turns, region = value.get("turns"), value.get("region")
        exchanges = [
            Exchange(turn["q"][:QUESTION_CHARACTERS], turn["id"][:ID_CHARACTERS])
            for turn in (turns if isinstance(turns, list) else [])[-KEPT_TURNS:]
            if isinstance(turn, dict) and isinstance(turn.get("q"), str) and isinstance(turn.get("id"), str)
        ]
        return cls(tuple(exchanges), region if isinstance(region, str) else ANYWHERE)

    def written(self) -> dict[str, object]:
        """The value for the browser."""
        turns = [{"q": each.question, "id": each.answer_id} for each in self.exchanges[-KEPT_TURNS:]]
        return {"turns": turns, "region": self.region}
