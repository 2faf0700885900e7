"""What is chosen about the language model: one frozen record, made from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

WriterName = Literal["quote", "openai", "local"]


@dataclass(frozen=True)
class ModelOptions:
    """Which writer, and how its model is called. `writer` quote means that no model is used."""

    writer: WriterName = "quote"
    base_url: str = field(default="", repr=False)  # of an OpenAI-compatible server; may hold credentials
    model: str = ""  # the server's name for it; for a local one a path or a hub name
    api_key: str = field(default="", repr=False)
    seconds: float = 40.0  # for one answer, retries included
    max_tokens: int = 1024  # of one reply
    temperature: float = 0.0
    context: int = 6000  # characters of clauses in a prompt
    extra: dict[str, Any] = field(default_factory=dict)  # further fields of the request's body
    prompt: Path | None = None  # a template instead of the shipped one
    follow_ups: bool = False  # whether the model completes follow-up questions
    device: str = "cpu"  # of a local model
