"""Every knob of the running system, read from the environment (TIAOWEN_…) or a file .env."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Read once, by `app.py` and by the `main()` of modules that are run."""

    model_config = SettingsConfigDict(
        env_prefix="TIAOWEN_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    host: str = Field(
        "127.0.0.1", description="Address to listen on; loopback, so that nothing is open by default."
    )
    port: int = Field(7860, description="TCP port; Gradio's usual one.", ge=0, le=65535)
    root_path: str = Field(
        "",
        description="Path prefix that a proxy in front strips, such as /zhengce; none, as most serve at the root.",
        pattern=r"^(/[^/?#\s]+)*$",
    )
    data: Path = Field(ROOT / "var", description="Folder for everything written at run time.")
    documents: str = Field(
        str(ROOT / "corpus" / "documents"),
        description="Folders of policy documents, separated by the system's path separator; the bundled ones.",
    )
    model: str = Field(
        str(ROOT / "index" / "weights"),
        description="Sentence model: a path or a hub name such as BAAI/bge-small-zh-v1.5; the shipped one.",
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy URL for answers and feedback; empty: SQLite in the data folder, no server needed.",
    )
    keep_days: int = Field(
        180,
        description="Days that answers stay on record; long enough to look into a complaint about one.",
        ge=1,
        le=3650,
    )
    mask: bool = Field(
        True,
        description="Whether phone numbers, ID numbers and e-mail addresses in questions are masked on record; on, "
        "for nobody needs them to judge an answer.",
    )
    staff_password: str = Field(
        "",
        description="Password of the account staff; empty: one is generated at the first start and printed once.",
    )
    runs: int = Field(
        2,
        description="Evaluation runs at a time, others wait; they are of low priority, and each holds an index in memory.",
        ge=1,
        le=16,
    )
    workers: int = Field(
        2, description="Answers computed at a time; one per CPU core of a small machine.", ge=1, le=64
    )
    waiting: int = Field(
        64,
        description="Questions that may wait for a worker; past it the answer is 503, not a queue without end.",
        ge=0,
    )
    answer_seconds: float = Field(
        60.0,
        description="Seconds before an answer is given up; quoting takes milliseconds, a local LLM many.",
        gt=0,
    )
    examples: str = Field(
        "",
        description="Example questions of the chat, separated by |; empty: derived from the documents loaded.",
    )
    portals: str = Field(
        "",
        description="Origins that may show the chat in a frame, separated by spaces; empty: only this site itself.",
    )

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which another process reads these same settings."""
        values = self.model_dump(mode="json", exclude_none=True)
        return {f"TIAOWEN_{name.upper()}": str(value) for name, value in values.items()}

    @property
    def document_folders(self) -> tuple[Path, ...]:
        """The folders of `documents`."""
        return tuple(Path(folder) for folder in self.documents.split(os.pathsep) if folder)

    @property
    def records_url(self) -> str:
        """The database URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.data / 'records.db'}"
