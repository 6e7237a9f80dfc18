"""What kept a call from its answer, and how that is said: where, why, how to mend it, when to come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.records import SourceError
from flows.surveys.patience import PASSING


class Refused(SourceError):
    """Say that a tool answered with a status that asking again does not change."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Unanswered(SourceError):
    """Say that patience ended; `status` is the last one that came, None where nothing whole came."""

    def __init__(self, sentence: str, status: int | None) -> None:
        super().__init__(sentence)
        self.status = status


class Unfinished(SourceError):
    """End the reading of one survey: the tool does not lead to its end. What was read of it is kept."""


class Oversized(SourceError):
    """Say that an answer is larger than what is read at once; a smaller page may fit."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Carry why a try failed: what is said of it, its status, the seconds the tool asks to wait."""

    said: str
    status: int | None = None
    after: float | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether asking again is no use."""
        return self.status is not None and 300 <= self.status < 500 and self.status not in PASSING

    def words(self) -> str:
        """Say what happened, without a full stop."""
        if self.status is None:
            return self.said.rstrip(".")
        return f"it answered HTTP {self.status}" + (f" ({self.said.rstrip('.')})" if self.said else "")

    def refusal(self, mend: str) -> str:
        """Say that the tool will not answer, and how to mend that."""
        if self.status and self.status < 400:
            mend = "It points elsewhere; nobody follows, as the token would go along. Correct base_url."
        return f"does not answer: {closed(self.words())} {mend}".rstrip()

    def ended(self, tried: int, seconds: float, now: datetime) -> str:
        """Say that patience ended after so many tries and seconds, and when to come back."""
        times = "once" if tried == 1 else f"{tried} times"
        words = f"was asked {times} within {seconds:.0f} s and gave no answer: {closed(self.words())}"
        if self.after:
            until = now + timedelta(seconds=self.after)
            words += f" It asks to wait {self.after:.0f} s: run again after {until:%Y-%m-%d %H:%M:%S} UTC."
        else:
            words += " Run again later."
        return f"{words} What was read before is kept."


def closed(words: str) -> str:
    """End a sentence, unless it ends by itself, as a question does."""
    return words if words.endswith(("?", "!")) else f"{words}."
