"""What became of a source that was asked, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb

from flows.records import HeardbackError
from flows.report import Advance
from flows.side_by_side import Door
from flows.warehouse.columns import readable
from flows.warehouse.laid_out import LaidOut
from flows.warehouse.landing import Landing

_WORDS = {
    "responses_new": ("new response", "new responses"),
    "responses_changed": ("changed response", "changed responses"),
    "responses_deleted": ("deleted response", "deleted responses"),
    "customers_new": ("new customer", "new customers"),
    "customers_changed": ("changed customer", "changed customers"),
    "invitations_new": ("new invitation", "new invitations"),
    "invitations_changed": ("changed invitation", "changed invitations"),
    "definitions_new": ("new survey", "new surveys"),
    "definitions_changed": ("changed survey", "changed surveys"),
    "set_aside": ("record set aside", "records set aside"),
}


class Brought:
    """Land the pages of one source through the door; keep what is to be said when its turn comes."""

    def __init__(self, landing: Landing, door: Door, advance: Advance) -> None:
        """Take a landing that has begun, the door to its connection, and the progress to move on."""
        self.landing, self.cursors = landing, landing.cursors()
        self.warnings, self.failure = list[str](), ""
        self.door, self._advance = door, advance

    def take(self, page: LaidOut) -> None:
        """Land a page; raises Closed when the work ended."""
        with self.door.held():
            self.landing.take(page)
        self._advance(page.told)
        self.warnings += [str(readable(warning)) for warning in page.warnings]

    def end(self, failure: str) -> None:
        """End the landing; a failure is the sentence that ended the reading early."""
        self.failure = failure
        with self.door.held():
            self.landing.end("failed" if failure else "ok", failure)


def said(name: str, error: Exception) -> str:
    """Say what ended a source, without anything out of an answer."""
    if isinstance(error, HeardbackError):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"source '{name}': {error.strerror or type(error).__name__}: {error.filename or 'no file named'}."
        )
    last = extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return f"source '{name}' stopped at something unforeseen ({type(error).__name__} in {place})."


def sentence(counts: Mapping[str, int]) -> str:
    """Say what became of what a source told."""
    parts = [
        f"{number:,} {words[number != 1]}"
        for what, words in _WORDS.items()
        if (number := counts.get(what, 0))
    ]
    again = "; its configuration changed, so all of it was read again" if counts.get("restarted") else ""
    return (", ".join(parts) or "nothing new") + again
