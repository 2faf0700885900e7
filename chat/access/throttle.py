"""Slows down those who guess passwords: so many failures, then a wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 900.0  # seconds for which a failure counts
KEYS = 10_000  # names and addresses that are remembered; the oldest go first


class Throttle:
    """Counts failures per key. One process's memory is enough: a restart forgives, and is no way to guess."""

    def __init__(self, window: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = window
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, limits: dict[str, int]) -> int:
        """Seconds to wait before the next try; `limits` are the failures that each key may have."""
        with self._lock:
            now, longest = self._clock(), 0.0
            for key, most in limits.items():
                failures = self._recent(key, now)
                if len(failures) >= most:
                    longest = max(longest, failures[-most] + self._window - now)
            return int(longest) + 1 if longest > 0 else 0

    def failed(self, *keys: str) -> None:
        """Note a failure."""
        with self._lock:
            now = self._clock()
            for key in keys:
                self._recent(key, now).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > KEYS:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str, now: float) -> deque[float]:
        failures = self._failures.setdefault(key, deque(maxlen=1000))
        while failures and failures[0] <= now - self._window:
            failures.popleft()
        return failures
