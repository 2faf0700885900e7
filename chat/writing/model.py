"""What a language model is to us: messages in, pieces of text out, and the ways in which that fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


@dataclass(frozen=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user"]
    content: str


class Ending(StrEnum):
    """Why a reply ended."""

    STOP = "stop"
    LENGTH = "length"  # the limit of tokens was reached, maybe within a sentence


@dataclass(frozen=True)
class Ended:
    """The end of a reply. Token counts are None where the server does not tell them."""

    ending: Ending
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Trouble(StrEnum):
    """Why a reply failed. The values label the meters."""

    DOWN = "down"  # no connection, or an error of the server
    SLOW = "slow"  # the time budget ran out
    BUSY = "busy"  # too many requests
    REJECTED = "rejected"  # key, model name or request not accepted
    GARBLED = "garbled"  # no valid stream, or one without text
    CUT = "cut"  # the stream broke off
    LANGUAGE = "language"  # the reply is not Chinese


_HOPELESS = frozenset((Trouble.REJECTED, Trouble.SLOW))


class ModelFailed(Exception):  # noqa: N818 — a state of another program, answered by quoting
    """A reply failed. `detail` is for the log and never holds a key or an address."""

    def __init__(self, trouble: Trouble, detail: str = "", wait: float | None = None) -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble
        self.wait = wait  # seconds that the server asks to wait before another try

    @property
    def hopeful(self) -> bool:
        """Whether another try may do better."""
        return self.trouble not in _HOPELESS


class ModelUnavailable(RuntimeError):  # noqa: N818 — a state of the installation, told to its user
    """The model cannot be set up. The message is for users, in Chinese."""


class LanguageModel(Protocol):
    """A chat model. Safe to use from several threads."""

    name: str

    def reply(self, messages: Sequence[Message], seconds: float) -> Iterator[str | Ended]:
        """Yield the reply in pieces, its `Ended` last, within so many seconds. Raises ModelFailed."""
