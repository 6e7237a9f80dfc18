"""One list of feedback, page by page, oldest first.

Facts: pages are numbered from 1 and hold at most 100; `_meta.next` forgets size, order and filters, so the
number is counted here. A filter of days goes by the name `filter[>>date]` and includes its day. Whether every
server heeds it is not documented: where the first page begins before that day the list is read from its other
end, newest first, until it lies behind the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flows.surveys.listings import Listed, listed
from flows.surveys.mopinion.datasets import goes_on
from flows.surveys.mopinion.items import Item
from flows.surveys.mopinion.signed import Client
from flows.surveys.trouble import Unfinished

SIZE = 100
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Step:
    """Carry one page's items; `until` is the day up to which all was read by then, None where unsure."""

    items: list[Item]
    until: date | None


class Walk:
    """Read the feedback of a dataset from a day on (None: all of it)."""

    def __init__(self, client: Client, path: str, read: Callable[[bytes], Item], since: date | None) -> None:
        """Take who asks, the path of the list, what makes an item of a row, and the first day."""
        self._client, self._path, self._read, self._since = client, path, read, since

    def steps(self) -> Iterator[Step]:
        """Give page after page; raises Unfinished when they repeat or have no end."""
        newest, is_rising = date.min, True
        for items in self._pages("asc", self._since):
            days = [item.day for item in items if item.day]
            if self._since and newest == date.min and days and min(days) < self._since - timedelta(days=1):
                yield from self._backwards(self._since)
                return
            is_rising = is_rising and days == sorted(days) and (not days or days[0] >= newest)
            newest = max([newest, *days])
            yield Step(items, newest if is_rising and days else None)

    def _backwards(self, since: date) -> Iterator[Step]:
        oldest, is_falling = date.max, True
        for items in self._pages("desc", None):
            days = [item.day for item in items if item.day]
            is_falling = is_falling and days == sorted(days, reverse=True) and (not days or days[0] <= oldest)
            oldest = min([oldest, *days])
            yield Step(items, None)
            if is_falling and oldest < since:
                return

    def _pages(self, order: str, since: date | None) -> Iterator[list[Item]]:
        seen: set[str] = set()
        most = _MOST_PAGES
        for number in range(1, _MOST_PAGES + 1):
            found = self._client.get(self._path, _params(number, order, since), _listed)
            if not found.items:
                return
            items = [self._read(raw) for raw in found.items]
            if number == 1:
                most = _bound(found)
            ids = {item.id for item in items if item.id}
            if ids and ids <= seen:
                raise Unfinished(self._client.sentence(self._path, "cannot be read: its pages repeat."))
            seen |= ids
            yield items
            more = goes_on(found.beside.get("_meta"))
            if more is False or (more is None and len(items) < SIZE):
                return
            if number >= most:
                break
        raise Unfinished(self._client.sentence(self._path, f"has no end after {number} pages."))


def _params(number: int, order: str, since: date | None) -> dict[str, str]:
    params = {"page": str(number), "limit": str(SIZE), "sort": "created", "order": order}
    return {**params, "filter[>>date]": since.isoformat()} if since else params


def _listed(body: bytes) -> Listed:
    return listed(body, "data")


def _bound(found: Listed) -> int:
    """Give how many pages there may be: twice what the first page counts, as a list may grow meanwhile."""
    meta = found.beside.get("_meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    return 10 + 2 * total // max(len(found.items), 1) if isinstance(total, int) else _MOST_PAGES
