"""How much may be asked: per visitor and per channel, by the minute and by the day."""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass
from functools import cached_property

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """Questions that one visitor, and all visitors of a channel together, may ask.

    The defaults let an office behind one address ask, and keep one program from taking all workers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    visitor_minute: int = Field(30, ge=1)
    visitor_day: int = Field(1_000, ge=1)
    channel_minute: int = Field(3_000, ge=1)
    channel_day: int = Field(200_000, ge=1)

    @cached_property
    def items(self) -> tuple[tuple[RateLimitItem, bool], ...]:
        """The limits, and whether each is a visitor's own."""
        return (
            (RateLimitItemPerMinute(self.visitor_minute), True),
            (RateLimitItemPerDay(self.visitor_day), True),
            (RateLimitItemPerMinute(self.channel_minute), False),
            (RateLimitItemPerDay(self.channel_day), False),
        )


class TooMany(Exception):  # noqa: N818 — a state, told to the asker, not an error of the program
    """A limit is reached. The message is for the asker, in Chinese; `seconds` until it is worth asking again."""

    def __init__(self, seconds: int, *, own: bool) -> None:
        """`own`: the visitor's own limit, not that of all visitors together."""
        wait = f"{seconds} 秒" if seconds < 90 else f"{math.ceil(seconds / 60)} 分钟"
        if seconds > 5400:
            wait = f"{math.ceil(seconds / 3600)} 小时"
        super().__init__(
            f"您提问得太快了，请 {wait}后再试。" if own else f"当前咨询人数较多，请 {wait}后再试。"
        )
        self.seconds = seconds


@dataclass(frozen=True)
class Visit:
    """Who asks, by which way in."""

    channel: str = "api"  # on record and in the meters: api, v1, chat, embed:<channel>
    visitor: str = ""  # an address, a key or a portal's user
    region: str = ""  # whose policies come first


class Limiter:
    """Counts in the memory of this process. `on` False: everything is admitted."""

    def __init__(self, *, on: bool = True) -> None:
        self._on = on
        self._counts = SlidingWindowCounterRateLimiter(MemoryStorage())

    def admit(self, visit: Visit, limits: Limits) -> None:
        """Count one question; what is refused is not counted. Raises TooMany."""
        if not self._on:
            return
        named = [
            (item, (visit.channel, visit.visitor) if own else (visit.channel,), own)
            for item, own in limits.items
        ]
        for item, key, own in named:
            if not self._counts.test(item, *key):
                raise TooMany(self._wait(item, key), own=own)
        for item, key, _ in named:
            self._counts.hit(item, *key)

    def _wait(self, item: RateLimitItem, key: tuple[str, ...]) -> int:
        # The library tells when the next count is forgotten; between there and room for one more lies rounding.
        reset = self._counts.get_window_stats(item, *key).reset_time
        return max(1, math.ceil(reset - time.time()))


def visitor_of(host: str | None) -> str:
    """The visitor that an address stands for: IPv6 customers have a whole /64 network."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
