"""How long each step of an answer took."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds per step, from when it was made."""

    def __init__(self) -> None:
        """Begin to count."""
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The step of this name ends now, and the next begins."""
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now
