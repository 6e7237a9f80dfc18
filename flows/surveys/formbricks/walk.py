"""The responses of one survey, by their last change, oldest first; to be resumed at any page.

Paging by number loses what changes meanwhile, so each page begins at the last change of the page before,
which the tool includes. Only where a whole page shares one instant is it paged by number, by time of
creation, since the tool breaks ties of its order in no certain way.
Each run reads again what lies an hour before the last change known, as rows are committed late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flows.records import Cursor, Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.formbricks.items import Item, read_item
from flows.surveys.listings import items_of
from flows.surveys.session import Session
from flows.surveys.trouble import Oversized, Refused, Unfinished

RESPONSES = "/api/v2/management/responses"
SIZE = 250
OVERLAP = timedelta(hours=1)
KIND = "responses"
_TICK = timedelta(milliseconds=1)  # as finely as the tool tells time


def responses_of(asked: Asked, session: Session, envelope: Envelope, survey_id: str) -> Iterator[Page]:
    """Give page after page of what may be new; raises Unfinished, Refused and SourceErrors of the session."""
    yield from _Walk(asked, session, envelope, survey_id).pages()


class _Walk:
    """Walk up the responses of one survey."""

    def __init__(self, asked: Asked, session: Session, envelope: Envelope, survey_id: str) -> None:
        self._asked, self._session, self._envelope, self._id = asked, session, envelope, survey_id
        self._size = SIZE
        self._mark = noted(asked.cursors.get((survey_id, KIND)))

    def pages(self) -> Iterator[Page]:
        start = self._asked.since or (self._mark - OVERLAP if self._mark else None)
        while True:
            order = {"sortBy": "updatedAt", **({"startDate": _text(start)} if start else {})}
            items = self._page(order, 0)
            yield self._taken(items)
            if len(items) < self._size:
                return
            last = max((floor(item.changed) for item in items if item.changed), default=None)
            if last is None:
                raise Unfinished(self._words("gives a page without a single time of change"))
            if start is None or last > start:
                start = last
                continue
            if last < start:
                raise Unfinished(self._words("does not lead on: it gives what changed before startDate"))
            yield from self._instant(start)
            start += _TICK

    def _instant(self, instant: datetime) -> Iterator[Page]:
        """Read all that changed within one millisecond, as more than a page did."""
        seen: set[str | None] = set()
        order = {"sortBy": "createdAt", "startDate": _text(instant), "endDate": _text(instant)}
        skipped = 0
        while True:
            items = self._page(order, skipped)
            yield self._taken(items)
            if len(items) < self._size:
                return
            ids = {item.response_id for item in items}
            if ids <= seen:
                raise Unfinished(self._words("does not lead on: its pages repeat"))
            seen |= ids
            skipped += len(items)

    def _page(self, order: dict[str, str], skipped: int) -> list[Item]:
        """Ask for a page, for a smaller one if it is too large."""
        while True:
            params = {
                "surveyId": self._id,
                "filterDateField": "updatedAt",
                "order": "asc",
                **order,
                "limit": str(self._size),
                "skip": str(skipped),
            }
            try:
                found = self._session.get(RESPONSES, params, lambda body: items_of(body, "data"))
            except Oversized:
                if self._size == 1:
                    raise
                self._size //= 2
            except Refused as refused:
                if refused.status != 404:
                    raise
                mend = "This server is older than that; bring it up to date."
                raise Unfinished(self._words(f"is not known to it. {mend}")) from None
            else:
                return [read_item(raw, self._id, self._envelope) for raw in found]

    def _taken(self, items: list[Item]) -> Page:
        page = Page()
        for item in items:
            if isinstance(item.record, Reject):
                page.rejects.append(item.record)
            else:
                page.responses.append(item.record)
        times = [item.changed for item in items if item.changed]
        if times and not self._asked.since:
            # A change dated in the future must not hide those that come before it.
            newest = min(max(times), self._asked.now)
            self._mark = max(self._mark, newest) if self._mark else newest
            page.cursors.append(Cursor(self._id, KIND, self._mark.isoformat()))
        return page

    def _words(self, words: str) -> str:
        return self._session.sentence(RESPONSES, f"(survey {self._id}) {words.rstrip('.')}.")


def floor(moment: datetime) -> datetime:
    """Cut a time to milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _text(moment: datetime) -> str:
    return f"{floor(moment.astimezone(UTC)).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def noted(position: str | None) -> datetime | None:
    """Read a time out of a cursor; None where there is none."""
    try:
        return datetime.fromisoformat(position).astimezone(UTC) if position else None
    except ValueError:
        return None
