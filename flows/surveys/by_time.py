"""A list of records, oldest change first, of a tool that numbers its pages; to be resumed at any page.

A record that is edited or deleted while numbered pages are read moves all behind it up by one, so that one at
the edge of a page would be missed, for ever where it is old. So the next page is asked for by the time of the
last record read, less a step, as few tools say whether that time itself is included; behind the page before
only where more records than a page holds were changed within that step, or where the tool keeps no order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from flows.surveys.trouble import Unfinished

_LEAST_LIMIT = 1000


class Dated(Protocol):
    """Name what paging needs of an item: the time of its last change (aware), None where it tells none."""

    at: datetime | None


Item = TypeVar("Item", bound=Dated)


@dataclass(frozen=True, slots=True)
class Turn:
    """Carry a page as it came, what leads behind it (None: nothing), and how many pages the tool tells of."""

    raws: Sequence[bytes]
    following: str | None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Step(Generic[Item]):
    """Carry the items of one page, the time up to which all was read (None: unknown), if it was the last."""

    items: list[Item]
    read_to: datetime | None
    is_last: bool


class ByTime(Generic[Item]):
    """Walk up one list from a time on."""

    def __init__(
        self,
        ask: Callable[[datetime | None, str | None], Turn],
        read: Callable[[bytes], Item],
        start: datetime | None,
        *,
        step: timedelta,
        words: Callable[[str], str],
    ) -> None:
        """Take how a page is asked for (changed from when on, behind what) and an item read, and the start.

        `step` is what the tool's times are told apart by; `words` says something of the list.
        """
        self._ask, self._read, self._step, self._words = ask, read, step, words
        self._origin = self._start = start
        self._behind: str | None = None
        self._is_ordered = True
        self._limit = 0

    def steps(self) -> Iterator[Step[Item]]:
        """Give page after page; raises Unfinished when they do not end, and SourceError of the session."""
        asked = 0
        before: Sequence[bytes] = ()
        newest: datetime | None = None
        while True:
            turn = self._ask(self._start, self._behind)
            asked += 1
            self._bound(turn, asked)
            if turn.raws and turn.raws == before and self._behind is not None:
                raise Unfinished(self._words("does not lead on: its pages repeat."))
            before = turn.raws
            items = [self._read(raw) for raw in turn.raws]
            if self._is_ordered and not self._in_order(items):
                self._is_ordered, self._start, self._behind, before = False, self._origin, None, ()
                yield Step(items, None, is_last=False)
                continue
            is_last = not items or turn.following is None
            last = max((item.at for item in items if item.at), default=None)
            newest = max(filter(None, [newest, last]), default=None)
            yield Step(items, newest if self._is_ordered or is_last else None, is_last)
            if is_last:
                return
            self._go_on(last, turn.following)

    def _in_order(self, items: list[Item]) -> bool:
        times = [item.at for item in items if item.at]
        # What a tool cuts off its times it does not compare either.
        if self._start and times and times[0] <= self._start - self._step:
            return False
        return all(earlier <= later for earlier, later in pairwise(times))

    def _go_on(self, last: datetime | None, following: str | None) -> None:
        start = last - self._step if last else None
        if self._is_ordered and start and (self._start is None or start > self._start):
            self._start, self._behind = start, None
        else:
            self._behind = following

    def _bound(self, turn: Turn, asked: int) -> None:
        """Refuse more pages than are plausible by the first count told."""
        self._limit = self._limit or max(_LEAST_LIMIT, 4 * ((turn.pages or 0) + 5))
        if asked > self._limit:
            raise Unfinished(self._words(f"has no end after {asked} pages, more than it told of."))
