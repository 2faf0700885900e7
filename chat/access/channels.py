"""The portals that may show the chat: channels.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chat.access.limits import Limits
from chat.problems import explain
from corpus.regions import find_regions

SECRET_CHARACTERS = 32  # 128 bits in hexadecimal: not to be guessed
RESERVED = {"assets", "config", "static", "svelte"}  # addresses of the chat's own files beside the channels
_CHANNEL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ChannelsError(ValueError):
    """channels.toml cannot be used. The message is for the operator, in Chinese."""


def _origin(text: str) -> str:
    """An origin as browsers send it: scheme, host and port, nothing else and no wildcard."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    try:
        port = parts.port
    except ValueError:  # urlsplit looks at the port only now
        port = -1
    whole = f"{parts.scheme}://{parts.netloc}"
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", host, flags=re.ASCII)
        or port == -1
        or "@" in parts.netloc
        or text != whole
    ):
        raise ValueError(f"“{text}”不是来源，应写成 https://www.example.gov.cn（不带路径，不用通配符）")
    standard = {"http": 80, "https": 443}[parts.scheme]
    return (whole.removesuffix(f":{port}") if port == standard else whole).lower()


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise ValueError("颜色应写成 #1a5799 的形式")
    return text.lower()


def region_name(text: str) -> str:
    """The full name, as documents write it."""
    if not text:
        return text
    named = find_regions(text)
    if not named:
        raise ValueError(f"不认识的地区“{text}”")
    return named[0].city or named[0].province


def _secret(text: str) -> str:
    if text and len(text) < SECRET_CHARACTERS:
        raise ValueError(f"密钥太短，至少 {SECRET_CHARACTERS} 个字符，例如 openssl rand -hex 32 的输出")
    return text


class Channel(BaseModel):
    """One portal: which sites may show the chat, how it looks there, how much may be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()  # none: nobody may show it
    title: str = Field("政策问答", min_length=1, max_length=40)
    colour: Annotated[str, AfterValidator(_colour)] = "#1a5799"
    greeting: str = Field("", max_length=200)
    starters: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field((), max_length=6)
    region: Annotated[str, AfterValidator(region_name)] = ""  # whose policies come first
    secret: Annotated[str, AfterValidator(_secret)] = Field("", repr=False)
    limits: Limits = Limits()

    @property
    def name(self) -> str:
        """The name on record and in the meters."""
        return f"embed:{self.id}"


@dataclass(frozen=True)
class Channels:
    """All channels, and the limits of what is not a channel: the chat page (`chat`) and the API (`api`)."""

    portals: Mapping[str, Channel] = field(default_factory=dict)
    chat: Limits = Limits()
    api: Limits = Limits(visitor_minute=600, visitor_day=20_000)

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that some channel allows."""
        return frozenset(origin for channel in self.portals.values() for origin in channel.origins)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    chat: Limits = Limits()
    api: Limits = Channels().api
    channels: dict[str, Channel] = {}


def load_channels(file: Path) -> Channels:
    """The channels of a file; none where there is no file. Raises ChannelsError."""
    if not file.exists():
        return Channels()
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as problem:
        raise ChannelsError(f"{file.name} 有误：{explain(problem.errors())}") from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ChannelsError(f"{file.name} 无法读取：{problem}") from problem
    for name in read.channels:
        if not _CHANNEL.fullmatch(name) or name in RESERVED:
            raise ChannelsError(
                f"{file.name} 有误：渠道名“{name}”不可用，只能用小写字母、数字和连字符，最多 32 个字符，"
                f"且不能是 {'、'.join(sorted(RESERVED))}。"
            )
    portals = {name: channel.model_copy(update={"id": name}) for name, channel in read.channels.items()}
    return Channels(portals, read.chat, read.api)
