"""Satisfaction ratings, Zendesk's older model: good or bad, a comment, a reason.

Ratings are asked for by when they were created. One that is changed is another record, so nothing older than
the watermark changes; a day before it is read again, for what the tool shows late. What is older than the
watermark is held back to the end of the walk, and given only if no newer record of its ticket came: else each
run would bring back a rating that its customer took back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flows.records import Cursor, Page, Reject, Response
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.gone import none_left
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.zendesk.items import RATINGS as SURVEY
from flows.surveys.zendesk.items import Found, moment_of, rating, read_all
from flows.surveys.zendesk.people import People
from flows.surveys.zendesk.walk import walk

KIND = "ratings"
OVERLAP = timedelta(days=1)
_PATH, _SIZE = "/satisfaction_ratings", 100
_Key = tuple[datetime, str]


def pages(asked: Asked, session: Session, envelope: Envelope, people: People) -> Iterator[Page]:
    """Give the ratings that may be new; raises SourceError."""
    mark = _noted(asked)
    start = asked.since or (mark - OVERLAP if mark else None)
    params = {"score": "received"} | ({"start_time": str(int(start.timestamp()))} if start else {})
    ratings = _Ratings(envelope, None if asked.since else mark)
    for found, is_last in walk(session, _PATH, params, SURVEY, _SIZE):
        taken, rejects = read_all(found.items, SURVEY, people)
        page = Page(rejects=rejects)
        for raw, item in taken:
            ratings.take(raw, item, page)
        if is_last:
            page.responses += ratings.held.values()
        # Where nothing was ever rated, to ask for all of it again costs nothing.
        newest = max(filter(None, [mark, ratings.newest]), default=None)
        if newest and not asked.since and (is_last or ratings.may_be_noted):
            page.cursors.append(Cursor(SURVEY, KIND, min(newest, asked.now).isoformat()))
        page.warnings, people.warnings = people.warnings, []
        yield page
    if mark and ratings.newest is None:
        yield from none_left(asked, SURVEY, mark)


class _Ratings:
    """Take ratings in any order; none is given behind a newer one of its ticket."""

    def __init__(self, envelope: Envelope, mark: datetime | None) -> None:
        """Take the envelope, and up to when ratings were read before (None: nothing is held back)."""
        self._envelope, self._mark = envelope, mark
        self._keys: dict[str, _Key] = {}
        self._is_ordered = True
        self.held: dict[str, Response] = {}
        self.newest: datetime | None = None

    @property
    def may_be_noted(self) -> bool:
        """Tell whether all up to the newest was given, though the list goes on."""
        return self._is_ordered and not self.held and self.newest is not None

    def take(self, raw: bytes, item: Found, page: Page) -> None:
        """Put a rating on the page, or hold it back until all was seen."""
        made = rating(raw, item, self._envelope)
        if isinstance(made, Reject):
            page.rejects.append(made)
        elif made is not None and self._is_newest(made.response_id, item):
            self.held.pop(made.response_id, None)
            at = moment_of(item, "created_at", "updated_at")
            if self._mark and at and at <= self._mark:
                self.held[made.response_id] = made
            else:
                page.responses.append(made)

    def _is_newest(self, ticket: str, item: Found) -> bool:
        at = moment_of(item, "created_at", "updated_at")
        if at is None:
            return True
        self._is_ordered = self._is_ordered and (self.newest is None or at >= self.newest)
        self.newest = max(at, self.newest or at)
        key = (_changed(item) or at, (text_of(item.get("id")) or "").rjust(20))
        if key < self._keys.get(ticket, key):
            return False
        self._keys[ticket] = key
        return True


def _changed(item: Found) -> datetime | None:
    try:
        return moment_of(item, "updated_at")
    except Unfit:
        return None


def _noted(asked: Asked) -> datetime | None:
    try:
        return moment_of({"position": asked.cursors.get((SURVEY, KIND))}, "position")
    except Unfit:
        return None
