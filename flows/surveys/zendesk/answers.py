"""Answers to satisfaction surveys, Zendesk's newer model: a scale of 2, 3 or 5, comments, choices.

A record is made when a survey is sent, is answered later, may be changed for a month, and is listed by when
it was made; its id, a ULID, says when that was. So each run reads again what was made within thirty days
before the watermark: nothing cheaper would see an answer that comes late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flows.records import Cursor, Page, Reject, Response
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.trouble import Refused
from flows.surveys.zendesk.items import RATINGS, Found, answered, moment_of, read_all, survey_of
from flows.surveys.zendesk.people import People
from flows.surveys.zendesk.surveys import definitions
from flows.surveys.zendesk.walk import walk

KIND = "answers"
ACCOUNT = ""  # all surveys of an account are one list; the watermark is that of the ones read
OPEN_FOR = timedelta(days=30)
_PATH, _SIZE = "/guide/survey_responses", 50
_BASE32 = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}


def pages(asked: Asked, session: Session, envelope: Envelope, people: People) -> Iterator[Page]:
    """Give what the surveys ask, then what may be new of their answers; raises SourceError."""
    wanted = None if asked.source.surveys == "all" else {*asked.source.surveys} - {RATINGS}
    try:
        yield from definitions(session, wanted)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        people.warnings.append(str(refused))  # said only if there are answers all the same
    read = ",".join(sorted(wanted)) if wanted else ACCOUNT
    mark = _noted(asked, read)
    begin = asked.since or mark
    params = {"sort": "id"}
    if begin:
        params["filter[created_at_start]"] = str(int((begin - OPEN_FOR).timestamp() * 1000))
    for found, is_last in walk(session, _PATH, params, "survey_responses", _SIZE):
        taken, rejects = read_all(found.items, None, people)
        reached = asked.now if is_last else _made_at(taken[-1][1] if taken else {})
        page = Page(rejects=rejects)
        for raw, item in taken:
            if wanted is None or survey_of(item) in wanted:
                _put(answered(raw, item, envelope), page)
        if reached and not asked.since:
            mark = min(max(reached, mark or reached), asked.now)
            page.cursors.append(Cursor(read, KIND, mark.isoformat()))
        page.warnings, people.warnings = people.warnings, []
        yield page


def _put(made: Response | Reject | None, page: Page) -> None:
    if isinstance(made, Reject):
        page.rejects.append(made)
    elif made is not None:
        page.responses.append(made)


def _made_at(item: Found) -> datetime | None:
    """Read when a record was made out of its ULID: ten signs of milliseconds; None where it is none."""
    signs = (text_of(item.get("id")) or "").upper()
    if len(signs) != 26 or any(sign not in _BASE32 for sign in signs):
        return None
    milliseconds = 0
    for sign in signs[:10]:
        milliseconds = milliseconds * 32 + _BASE32[sign]
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _noted(asked: Asked, read: str) -> datetime | None:
    try:
        return moment_of({"position": asked.cursors.get((read, KIND))}, "position")
    except Unfit:
        return None
