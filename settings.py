"""Every knob of the running system, read from the environment (TIAOWEN_…) or a file .env."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chat.writing.options import ModelOptions

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
    channels: Path = Field(
        ROOT / "channels.toml",
        description="File of the portals that may show the chat; where it is missing, none may.",
    )
    limits: Literal["on", "off"] = Field(
        "on",
        description="Whether questions per visitor and channel are limited; on, for a public site has bad guests.",
    )
    public_api: Literal["on", "off"] = Field(
        "on",
        description="Whether programs may ask without a key, within limits; on, for policies are public.",
    )
    public_url: str = Field(
        "",
        description="Address that visitors see, such as https://www.example.gov.cn; empty: taken from requests.",
        pattern=r"^(https?://[^/?#\s]+)?$",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies whose X-Forwarded headers count, by comma; none by default.",
    )

    writer: Literal["quote", "openai", "local"] = Field(
        "quote",
        description="Who words the answers: quote cites sentences as they are; openai and local are models.",
    )
    llm_base_url: str = Field(
        "",
        description="Address of an OpenAI-compatible server, with /v1 where it has one; empty, as none is used.",
    )
    llm_model: str = Field(
        "",
        description="The server's name of the model; for local a folder or hub name; empty, as none is used.",
    )
    llm_api_key: SecretStr = Field(
        SecretStr(""), description="Key for the server, never logged or shown; empty, as many need none."
    )
    llm_seconds: float = Field(
        40.0,
        description="Seconds a model has for an answer, retries included; below the answer's own limit.",
        gt=0,
    )
    llm_max_tokens: int = Field(
        1024, description="Tokens of one reply; some 1,500 characters, more than a good answer has.", ge=16
    )
    llm_temperature: float = Field(
        0.0, description="0 to 2; 0, so that the same question gets the same answer.", ge=0, le=2
    )
    llm_context: int = Field(
        6000,
        description="Characters of clauses in a prompt; with all else it fits a window of 8,192 tokens.",
        ge=200,
    )
    llm_extra: dict[str, Any] = Field(
        {},
        description='Further fields of requests as JSON, such as {"enable_thinking": false}; none, as servers differ.',
    )
    llm_prompt: Path | None = Field(
        None,
        description="A prompt template instead of chat/writing/prompt.jinja; none, as that one is tested.",
    )
    llm_follow_ups: bool = Field(
        False, description="Whether the model completes follow-up questions; off: rules do, at no cost."
    )
    llm_device: str = Field(
        "cpu", description="Device of a local model, cpu or cuda; cpu, as every machine has one."
    )

    @property
    def language(self) -> ModelOptions:
        """What is chosen about the language model."""
        return ModelOptions(
            writer=self.writer,
            base_url=self.llm_base_url.strip(),
            model=self.llm_model.strip(),
            api_key=self.llm_api_key.get_secret_value(),
            seconds=self.llm_seconds,
            max_tokens=self.llm_max_tokens,
            temperature=self.llm_temperature,
            context=self.llm_context,
            extra=self.llm_extra,
            prompt=self.llm_prompt,
            follow_ups=self.llm_follow_ups,
            device=self.llm_device,
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
