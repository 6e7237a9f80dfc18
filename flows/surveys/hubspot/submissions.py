"""What changed among the submissions of an account or of one survey, and what was deleted.

One time orders all, that of the last change, so one watermark serves. A search answers late and ends after
10,000 results: each run reads again what lies a day before the watermark, and each page is asked for by time.

Deleted ones are listed without dates. They are listed in each run as long as that takes few requests, and
once a day where many were deleted. Of each only its survey is asked for: nobody's deleted words are stored
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from flows.records import Cursor, Page, Reject, Responses
from flows.surveys.asked import Asked
from flows.surveys.by_time import ByTime, Turn
from flows.surveys.envelope import Envelope
from flows.surveys.gone import none_left
from flows.surveys.hubspot.items import CHANGED, deleted_item, read_item
from flows.surveys.listings import Listed, listed
from flows.surveys.moments import moment
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.trouble import Oversized, Refused, Unfinished

ALL = ""  # stands for all surveys of the account
MODIFIED, DELETED = "modified", "deleted"
OVERLAP, DAY = timedelta(hours=24), timedelta(hours=24)
SIZES = (200, 100, 50, 25, 5, 1)
FEW_PAGES = 10
_LISTED_AT_ONCE = 100
_MOST_FOUND = 10_000
_STEP = timedelta(milliseconds=1)
_PATH = "/objects/feedback_submissions"
_SEARCH = f"{_PATH}/search"
_MOST_PAGES = 100_000
_UTC = ZoneInfo("UTC")


class Submissions:
    """Read the submissions of one account."""

    def __init__(self, asked: Asked, session: Session, envelope: Envelope, names: list[str]) -> None:
        """Take what is asked for, the session, the envelope, and the names of all properties."""
        self._asked, self._session, self._envelope, self._names = asked, session, envelope, names
        self._sizes: tuple[int, ...] = SIZES

    def pages(self, survey_id: str) -> Iterator[Page]:
        """Give what may be new of one survey, or of all (`ALL`); raises SourceError."""
        mark, since = self._noted(survey_id, MODIFIED), self._asked.since
        start = since or (mark - OVERLAP if mark else None)
        read = partial(read_item, envelope=self._envelope)
        words = partial(self._session.sentence, _SEARCH)
        ask = partial(self._search, survey_id)
        known, found = mark, False
        for step in ByTime(ask, read, start, step=_STEP, words=words).steps():
            page, found = Page(), found or bool(step.items)
            for item in step.items:
                if isinstance(item.record, Reject):
                    page.rejects.append(item.record)
                else:
                    page.responses.append(item.record)
            if step.read_to and not since:
                # A submission dated in the future must not hide those that come before it.
                seen = min(step.read_to, self._asked.now)
                mark = max(seen, mark or seen)
                page.cursors.append(Cursor(survey_id, MODIFIED, mark.isoformat()))
            yield page
        if known and not found:
            yield from none_left(self._asked, survey_id, known)

    def _search(self, survey_id: str, start: datetime | None, after: str | None) -> Turn:
        while True:
            try:
                body = self._question(survey_id, start, after)
                found = self._session.post(_SEARCH, body, lambda told: listed(told, "results"))
                break
            except Oversized:
                if len(self._sizes) == 1:
                    raise
                self._sizes = self._sizes[1:]
        following = _following(found)
        if following and following.isdigit() and int(following) >= _MOST_FOUND:
            told = f"finds more than {_MOST_FOUND:,} submissions of one instant, and reaches no further."
            raise Unfinished(self._session.sentence(_SEARCH, told))
        total = text_of(found.beside.get("total")) or ""
        pages = -(-int(total) // self._sizes[0]) if total.isdigit() else None
        return Turn(found.items, following, pages)

    def _question(self, survey_id: str, start: datetime | None, after: str | None) -> bytes:
        milliseconds = round(start.timestamp() * 1000) if start else 0
        filters = [{"propertyName": CHANGED, "operator": "GTE", "value": str(milliseconds)}]
        if survey_id != ALL:
            filters.append({"propertyName": "hs_survey_id", "operator": "EQ", "value": survey_id})
        asked = {
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": CHANGED, "direction": "ASCENDING"}],
            "properties": self._names,
            "limit": self._sizes[0],
        }
        return msgspec.json.encode({**asked, "after": after} if after else asked)

    def deleted(self, named: Sequence[str] | None) -> Iterator[Page]:
        """Give tombstones of what was deleted, of all surveys or of those named; raises SourceError."""
        if self._asked.since or not self._may_list_deleted(named):
            return
        after: str | None = None
        behind: set[str] = set()
        for number in range(1, _MOST_PAGES + 1):
            try:
                found = self._archived(after)
            except Refused as refused:
                if refused.status == 401:
                    raise
                yield Page(warnings=[f"{refused} Deleted submissions stay as they were."])
                return
            made = [one for raw in found.items if (one := deleted_item(raw))]
            page = Page(responses=Responses(one for one in made if named is None or one.survey_id in named))
            after = _following(found)
            if after is None:
                page.cursors.append(Cursor(ALL, DELETED, f"{self._asked.now.isoformat()} {number}"))
            yield page
            if after is None:
                return
            if after in behind:
                break
            behind.add(after)
        raise Unfinished(self._session.sentence(_PATH, "(the deleted ones) does not come to an end."))

    def _archived(self, after: str | None) -> Listed:
        params = {"archived": "true", "limit": str(_LISTED_AT_ONCE), "properties": "hs_survey_id"}
        if after:
            params["after"] = after
        return self._session.get(_PATH, params, lambda body: listed(body, "results"))

    def _may_list_deleted(self, named: Sequence[str] | None) -> bool:
        """Tell whether anything was read before, and whether the list is short or was not seen for a day."""
        if not any(self._noted(one, MODIFIED) for one in ([ALL] if named is None else named)):
            return False
        time, _, pages = self._asked.cursors.get((ALL, DELETED), "").partition(" ")
        try:
            seen = moment(time, None, _UTC)
        except Unfit:
            return True
        return not pages.isdigit() or int(pages) <= FEW_PAGES or self._asked.now - seen >= DAY

    def _noted(self, survey_id: str, kind: str) -> datetime | None:
        try:
            return moment(self._asked.cursors.get((survey_id, kind), ""), None, _UTC)
        except Unfit:
            return None


def _following(found: Listed) -> str | None:
    return text_of(member(found.beside, "paging.next.after"))
