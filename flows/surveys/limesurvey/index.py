"""Which responses a survey has, and when each was last touched: one small row a response.

Asked for in one piece; where that is too much for server or client, in windows of ids. The end of a walk over
windows is where nothing lies beyond, as ids may have gaps of any width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from flows.surveys.limesurvey.exports import exported, id_of
from flows.surveys.limesurvey.remote import Remote, decoded
from flows.surveys.templates import text_of
from flows.surveys.trouble import Oversized, Unanswered

WINDOW = 50_000
NEVER = "1980-01-01 00:00:00"  # stands for a time that a survey without date stamps did not note
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")

Export = Callable[[int, int | None, list[str]], list[bytes]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Carry what the index says of a response; times as the server writes them, empty where it says none."""

    id: int
    is_complete: bool
    touched_at: str
    begun_at: str


def entries(remote: Remote, survey_id: str, *, is_dated: bool) -> Iterator[Entry]:
    """Give the index of a survey by rising ids, each id once; raises Said and SourceError.

    Times of changes can be asked for only where the survey keeps them (`is_dated`).
    """
    fields = ["id", "submitdate", *(["startdate", "datestamp"] if is_dated else [])]

    def export(first: int, last: int | None, wanted: list[str]) -> list[bytes]:
        return exported(remote, survey_id, first, last, wanted)

    before = 0
    for rows in _parts(export, fields):
        for entry in sorted(_read(rows), key=lambda one: one.id):
            if entry.id > before:
                yield entry
                before = entry.id


def _parts(export: Export, fields: list[str]) -> Iterator[list[bytes]]:
    try:
        yield export(1, None, fields)
        return
    except Oversized:
        pass
    except Unanswered as unanswered:
        if (unanswered.status or 0) < 500:
            raise
    first = 1
    while True:
        rows = export(first, first + WINDOW - 1, fields)
        yield rows
        beyond = [one.id for one in _read(rows) if first <= one.id < first + WINDOW]
        first += WINDOW
        if not beyond:
            left = [one.id for one in _read(export(first, None, ["id"])) if one.id >= first]
            if not left:
                return
            first = min(left)


def _read(rows: list[bytes]) -> Iterator[Entry]:
    for row in rows:
        try:
            item = msgspec.json.decode(row)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            item = decoded(row)
        if isinstance(item, dict) and (number := id_of(item)) is not None:
            submitted = time_in(item.get("submitdate"))
            touched = max(submitted if submitted != NEVER else "", time_in(item.get("datestamp")))
            yield Entry(number, bool(submitted), touched, time_in(item.get("startdate")))


def time_in(value: object) -> str:
    """Give a time as the server writes it; empty for what is none."""
    text = text_of(value) or ""
    return text[:19] if _TIME.match(text) else ""
