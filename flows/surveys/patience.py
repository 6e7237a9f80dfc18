"""How long a tool is waited for, how often it is asked again, and when to come back instead."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# 499 is Typeform's word for "I waited too long myself".
PASSING = frozenset({408, 425, 429, 499})
_LONGEST = 366 * 86400.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Patience:
    """Set the limits of one call: times in seconds, `largest` in bytes; clocks are replaced in tests.

    `budget` bounds the whole call with its waits, `attempt` one try from connecting to the last byte,
    `connect` and `read` one step of the socket.
    """

    tries: int = 6
    budget: float = 120.0
    attempt: float = 60.0
    connect: float = 5.0
    read: float = 30.0
    largest: int = 64 * 1024 * 1024
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    random: Callable[[], float] = random.random

    def wait(self, tried: int, asked: float | None) -> float:
        """Give the seconds until the next try: what the tool asked for, else ever longer; with jitter."""
        if asked is not None:
            return asked + self.random()
        return float(min(30.0, 0.5 * 2 ** (tried - 1)) * (0.5 + self.random()))

    def asked(self, retry_after: str | None) -> float | None:
        """Read a Retry-After header, seconds or a date, as seconds from now; None where it is neither."""
        text = (retry_after or "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text[:12]), _LONGEST)
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return min(max((until - self.now()).total_seconds(), 0.0), _LONGEST)
