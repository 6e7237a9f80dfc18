"""What is read of one survey, and how far it was read.

One time, that of its last change, orders completed and partial responses alike and moves when one becomes the
other, so one watermark serves both. It moves with each page. A run reads again what lies two hours before it,
and the first run of a day what lies three days before it, for what the tool shows late; a wider window each
time would eat up the day's requests.

What a survey asks is read when the list says that it changed; a change within the two minutes before is read
again, as the list knows minutes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flows.records import Cursor, Page, Reject, Response
from flows.surveys.asked import Asked
from flows.surveys.by_time import ByTime, Step
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.session import Session
from flows.surveys.surveymonkey.invitations import Invited
from flows.surveys.surveymonkey.items import Item, read_item
from flows.surveys.surveymonkey.surveys import definition_of
from flows.surveys.surveymonkey.walk import STEP, Pages
from flows.surveys.templates import Unfit
from flows.surveys.trouble import Refused

OVERLAP, WIDE_OVERLAP = timedelta(hours=2), timedelta(days=3)
DAY = timedelta(hours=24)
_SETTLED = timedelta(minutes=2)
MODIFIED, WIDELY, DEFINITION = "modified", "widely", "definition"
_UTC = ZoneInfo("UTC")
_TOO_MANY_QUESTIONS = 413


class Survey:
    """Read one survey of an account."""

    def __init__(self, asked: Asked, session: Session, envelope: Envelope, survey_id: str) -> None:
        """Take what is asked for, the session, the envelope of its responses, and the survey's id."""
        self._asked, self._session, self._envelope, self._id = asked, session, envelope, survey_id
        self._path = f"/surveys/{quote(survey_id, safe='')}"
        self._mark, self._looked_widely = self._noted(MODIFIED), self._noted(WIDELY)
        self._last: dict[str, int] = {}
        self._invited = Invited(asked, session, survey_id)

    def pages(self, changed: str | None) -> Iterator[Page]:
        """Give the definition where it may have changed, the responses, then invitations; raises SourceError.

        The definition comes first: choices are known by their ids only until it is there.
        """
        if not changed or self._asked.since or self._position(DEFINITION) != changed:
            yield self._definition(changed)
        yield from self._responses()
        yield from self._invited.pages()

    def _definition(self, changed: str | None) -> Page:
        try:
            definition, odd = definition_of(self._session, self._id, self._path)
        except Refused as refused:
            if refused.status != _TOO_MANY_QUESTIONS:
                raise
            # Of more than a thousand questions the tool does not tell. Their answers are read all the same.
            return Page(warnings=[str(refused)])
        page = Page(definitions=[definition])
        if odd:
            page.warnings.append(self._session.sentence(self._path, f"{odd}."))
        if changed and not self._asked.since and self._is_settled(changed):
            page.cursors.append(Cursor(self._id, DEFINITION, changed))
        return page

    def _is_settled(self, changed: str) -> bool:
        try:
            return self._asked.now - moment(changed, None, _UTC) > _SETTLED
        except Unfit:
            return False

    def _responses(self) -> Iterator[Page]:
        now, since = self._asked.now, self._asked.since
        is_wide = self._looked_widely is None or now - self._looked_widely >= DAY
        overlap = WIDE_OVERLAP if is_wide else OVERLAP
        start = since or (self._mark - overlap if self._mark else None)
        read = partial(read_item, survey_id=self._id, envelope=self._envelope)
        ask = Pages(self._session, self._path)
        for step in ByTime(ask, read, start, step=STEP, words=ask.words).steps():
            page = self._page(step)
            if not since:
                page.cursors += self._cursors(step)
                if step.is_last and is_wide:
                    page.cursors.append(Cursor(self._id, WIDELY, now.isoformat()))
            yield page

    def _page(self, step: Step[Item]) -> Page:
        page = Page()
        for item in step.items:
            if isinstance(item.record, Reject):
                page.rejects.append(item.record)
            elif self._is_news(item.record):
                page.responses.append(item.record)
                self._invited.note(item.record)
        self._last = _hashes(step.items)
        return page

    def _is_news(self, response: Response) -> bool:
        """Leave out what the page before ended with: it was asked for again, to miss nothing."""
        return self._last.get(response.response_id) != response.content_hash

    def _cursors(self, step: Step[Item]) -> Iterator[Cursor]:
        if step.read_to:
            # A response dated in the future must not hide those that come before it.
            seen = min(step.read_to, self._asked.now)
            self._mark = max(seen, self._mark or seen)
            yield Cursor(self._id, MODIFIED, self._mark.isoformat())

    def _position(self, kind: str) -> str:
        return self._asked.cursors.get((self._id, kind), "")

    def _noted(self, kind: str) -> datetime | None:
        try:
            return moment(self._position(kind), None, _UTC)
        except Unfit:
            return None


def _hashes(items: list[Item]) -> dict[str, int]:
    made = (item.record for item in items)
    return {one.response_id: one.content_hash for one in made if isinstance(one, Response)}
