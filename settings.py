"""Every knob of the running system, read from the environment (TIAOWEN_…) or a file .env."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Read once, by `app.py` and by the `main()` of modules that are run."""

    model_config = SettingsConfigDict(env_prefix="TIAOWEN_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on; loopback, so that nothing is open by default.")
    port: int = Field(7860, description="TCP port; Gradio's usual one.", ge=0, le=65535)
    data: Path = Field(ROOT / "var", description="Folder for everything written at run time.")
    documents: str = Field(
        str(ROOT / "corpus" / "documents"),
        description="Folders of policy documents, separated by the system's path separator; the bundled ones.",
    )
    model: str = Field(
        str(ROOT / "index" / "weights"),
        description="Sentence model: a path or a hub name such as BAAI/bge-small-zh-v1.5; the shipped one.",
    )
