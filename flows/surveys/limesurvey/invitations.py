"""Whom a survey was sent to and who finished it, by the day of the first letter: for the response rates.

Participants have no cursor, and whoever finishes changes one of long ago. So the server is asked for its own
counts of them, and only where these moved are all participants of the survey read, a thousand at once, of
whom nothing is kept but how many there are. Times are those of the server, to the minute. LimeSurvey does not
tell who began: as begun counts who finished, or was stopped by a quota. What a survey was sent to by others
than LimeSurvey itself it does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Cursor, Invitation, Page
from flows.surveys.asked import Asked
from flows.surveys.limesurvey.remote import Remote, Said
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of

KIND = "invitations"
AT_ONCE = 1000
_MOST_PAGES = 10_000
_NOT, _BY_QUOTA = ("", "N"), "Q"
Days = dict[str, tuple[datetime, int, int, int]]


def invitations_of(asked: Asked, remote: Remote, survey_id: str) -> Iterator[Page]:
    """Give how many were asked, began and finished by day where that may have changed; raises SourceError."""
    number = int(survey_id) if survey_id.isascii() and survey_id.isdigit() else survey_id
    try:
        told = remote.call("get_summary", number, "all")
    except Said:
        return  # what keeps it from being told was said where its responses were asked for
    names = ("token_count", "token_sent", "token_completed")
    counts = [text_of(told.get(name)) or "0" for name in names] if isinstance(told, dict) else []
    known = _known(asked.cursors.get((survey_id, KIND), ""))
    if asked.since or not counts or counts[0] == "0" or counts == known[0]:
        return
    page, noted = Page(), known[1]
    try:
        days = _days(remote, number, ZoneInfo(asked.source.timezone))
    except Said as said:
        page.warnings.append(f"{said} So it cannot be told how many of those asked have answered.")
    else:
        for day, at in noted.items():  # of a day whose participants were all removed nobody is left
            days.setdefault(day, (datetime.fromisoformat(at), 0, 0, 0))
        page.invitations = [_invitation(survey_id, day, *figures) for day, figures in days.items()]
        noted = {day: at.isoformat() for day, (at, *_) in days.items()}
    page.cursors.append(Cursor(survey_id, KIND, json.dumps([counts, noted])))
    yield page


def _known(position: str) -> tuple[list[str], dict[str, str]]:
    try:
        counts, days = json.loads(position)
        return list(counts), dict(days)
    except (ValueError, TypeError):
        return [], {}


def _days(remote: Remote, number: int | str, zone: ZoneInfo) -> Days:
    """Count participants by the local day on which they were asked; raises Said, SourceError."""
    days: Days = {}
    start = 0
    for _ in range(_MOST_PAGES):
        try:
            told = remote.call("list_participants", number, start, AT_ONCE, False, ["sent", "completed"])
        except Said as said:
            if said.says("no survey participants"):
                return days
            raise
        people = [one for one in told or () if isinstance(one, dict)]
        for one in people:
            _count(days, one, zone)
        numbers = [int(tid) for one in people if (tid := text_of(one.get("tid"))) and tid.isdigit()]
        if len(people) < AT_ONCE or max(numbers, default=-1) < start:
            return days
        start = max(numbers) + 1
    return days


def _count(days: Days, one: dict[str, Any], zone: ZoneInfo) -> None:
    sent, completed = text_of(one.get("sent")) or "", text_of(one.get("completed")) or ""
    if sent in _NOT:
        return
    try:
        at = moment(sent, None, zone)
    except Unfit:
        return  # an anonymised survey may say that, and not when
    first, invited, started, finished = days.get(sent[:10], (at, 0, 0, 0))
    has_begun = completed not in _NOT
    figures = (invited + 1, started + has_begun, finished + (has_begun and completed != _BY_QUOTA))
    days[sent[:10]] = (min(first, at), *figures)


def _invitation(
    survey_id: str, day: str, at: datetime, invited: int, started: int, finished: int
) -> Invitation:
    counts = (invited, started, finished)
    payload = json.dumps(dict(zip(("invited", "started", "completed"), counts, strict=True))).encode()
    return Invitation(survey_id, f"{survey_id}/{day}", payload, hash_of((at, counts)), at, *counts)
