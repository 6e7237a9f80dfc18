"""One list of responses, oldest change first; to be resumed at any page.

Pages are numbered, and a response that is edited or deleted while they are read moves all behind it up by
one, so that one at the edge of a page would be missed, for ever where it is old. So the next page is asked
for by the time of the last response read, less a second, as nothing says whether that time itself is
included; by its number only where more responses than a page holds were changed within that second, or where
the tool keeps no order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flows.surveys.listings import Listed, listed
from flows.surveys.session import Session
from flows.surveys.surveymonkey.items import Item
from flows.surveys.surveymonkey.surveys import has_next
from flows.surveys.templates import text_of
from flows.surveys.trouble import Oversized, Unfinished

SIZES = (100, 50, 25, 5, 1)  # each divides the one before, so that page numbers can be carried over
_STEP = timedelta(seconds=1)
_LEAST_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """Carry the items of one page, the time up to which all was read (None: unknown), if it was the last."""

    items: list[Item]
    read_to: datetime | None
    is_last: bool


class Walk:
    """Walk up one list from a time on."""

    def __init__(
        self, session: Session, path: str, read: Callable[[bytes], Item], start: datetime | None
    ) -> None:
        """Take the path of the list, how an item is read, and from when on (aware; None: all)."""
        self._session, self._path, self._read = session, path, read
        self._origin = self._start = start
        self._number, self._is_ordered = 1, True
        self._sizes: tuple[int, ...] = SIZES
        self._limit = 0

    def steps(self) -> Iterator[Step]:
        """Give page after page; raises Unfinished when they do not end, and SourceError of the session."""
        asked, before = 0, None
        newest: datetime | None = None
        while True:
            found = self._page()
            asked += 1
            self._bound(found, asked)
            if found.items and found.items == before and self._number > 1:
                raise Unfinished(self._words("does not lead on: its pages repeat"))
            before = found.items
            items = [self._read(raw) for raw in found.items]
            if self._is_ordered and not self._in_order(items):
                self._is_ordered, self._start, self._number, before = False, self._origin, 1, None
                yield Step(items, None, is_last=False)
                continue
            is_last = not items or not has_next(found, self._number, self._sizes[0])
            last = max((item.at for item in items if item.at), default=None)
            newest = max(filter(None, [newest, last]), default=None)
            yield Step(items, newest if self._is_ordered or is_last else None, is_last)
            if is_last:
                return
            self._go_on(last)

    def _page(self) -> Listed:
        while True:
            params = {
                "page": str(self._number),
                "per_page": str(self._sizes[0]),
                "sort_by": "date_modified",
                "sort_order": "ASC",
            }
            if self._start:
                params["start_modified_at"] = f"{self._start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
            try:
                return self._session.get(self._path, params, lambda body: listed(body, "data"))
            except Oversized:
                if len(self._sizes) == 1:
                    raise
                large, self._sizes = self._sizes[0], self._sizes[1:]
                self._number = (self._number - 1) * (large // self._sizes[0]) + 1

    def _in_order(self, items: list[Item]) -> bool:
        times = [item.at for item in items if item.at]
        if self._start and times and times[0] < self._start.replace(microsecond=0):
            return False
        return all(earlier <= later for earlier, later in pairwise(times))

    def _go_on(self, newest: datetime | None) -> None:
        start = newest.replace(microsecond=0) - _STEP if newest else None
        if self._is_ordered and start and (self._start is None or start > self._start):
            self._start, self._number = start, 1
        else:
            self._number += 1

    def _bound(self, found: Listed, asked: int) -> None:
        """Refuse more pages than are plausible by the first count told."""
        total = text_of(found.beside.get("total")) or ""
        if not self._limit:
            count = int(total) if total.isdigit() else 0
            self._limit = max(_LEAST_LIMIT, 4 * (count // self._sizes[0] + 5))
        if asked > self._limit:
            raise Unfinished(self._words(f"has no end after {asked} pages, more than it told of"))

    def _words(self, words: str) -> str:
        return self._session.sentence(self._path, f"{words}.")
