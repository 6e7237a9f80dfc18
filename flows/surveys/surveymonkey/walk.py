"""How a page of responses is asked for: by the time of change, oldest first, and by number if need be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows.surveys.by_time import Turn
from flows.surveys.listings import Listed, listed
from flows.surveys.session import Session
from flows.surveys.surveymonkey.surveys import has_next
from flows.surveys.templates import text_of
from flows.surveys.trouble import Oversized

SIZES = (100, 50, 25, 5, 1)  # each divides the one before, so that page numbers can be carried over
STEP = timedelta(seconds=1)


class Pages:
    """Ask for pages of one survey's responses; a page that is too large is asked for in smaller ones."""

    def __init__(self, session: Session, path: str) -> None:
        """Take the session and the survey's path."""
        self._session, self._path = session, f"{path}/responses/bulk"
        self._sizes: tuple[int, ...] = SIZES

    def __call__(self, start: datetime | None, number: str | None) -> Turn:
        """Ask for a page by number (None: the first) of what changed from a time on; raises SourceError."""
        page = int(number or 1)
        while True:
            try:
                found = self._page(start, page)
                break
            except Oversized:
                if len(self._sizes) == 1:
                    raise
                large, self._sizes = self._sizes[0], self._sizes[1:]
                page = (page - 1) * (large // self._sizes[0]) + 1
        size, total = self._sizes[0], text_of(found.beside.get("total")) or ""
        following = str(page + 1) if has_next(found, page, size) else None
        return Turn(found.items, following, -(-int(total) // size) if total.isdigit() else None)

    def _page(self, start: datetime | None, page: int) -> Listed:
        params = {
            "page": str(page),
            "per_page": str(self._sizes[0]),
            "sort_by": "date_modified",
            "sort_order": "ASC",
        }
        if start:
            params["start_modified_at"] = f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        return self._session.get(self._path, params, lambda body: listed(body, "data"))

    def words(self, words: str) -> str:
        """Say something of the list."""
        return self._session.sentence(self._path, words)
