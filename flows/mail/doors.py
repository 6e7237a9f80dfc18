"""What every way out has in common: it takes letters one after another and says what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what became of one letter, and why."""

    result: Literal["sent", "refused", "later", "down"]
    reason: str = ""


class Door(Protocol):
    """Take letters, one after another."""

    def send(self, message_id: str, recipient: str, body: bytes) -> Outcome:
        """Try to hand over one whole message."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
