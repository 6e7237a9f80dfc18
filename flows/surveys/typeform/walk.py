"""One list of responses, newest first, page by page behind the last token; to be resumed at any page.

The dates go with the first page only: Typeform is said to refuse a token together with dates, so what is too
old is left out here. The list is over at an empty page, or at a short one when the tool knows of no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flows.surveys.session import Session
from flows.surveys.trouble import Oversized, Refused, Unfinished
from flows.surveys.typeform.items import Told
from flows.surveys.typeform.listings import Listing, listing

SIZE = 1000
_LEAST_LIMIT, _LIMIT_UNTOLD = 1000, 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a walk stands: behind which token, down to which time, and the newest time it met (aware)."""

    before: str | None = None
    cutoff: datetime | None = None
    newest: datetime | None = None

    def position(self) -> str:
        """Write it down for a cursor."""
        return json.dumps({"before": self.before, "cutoff": _text(self.cutoff), "newest": _text(self.newest)})

    @classmethod
    def at(cls, position: str) -> Place | None:
        """Read what `position` wrote; None for anything else, where a walk begins anew."""
        try:
            found = json.loads(position)
            return cls(found["before"], time_of(found["cutoff"]), time_of(found["newest"]))
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Step:
    """Carry what one page told that is wanted, where the walk then stands, and whether it has ended."""

    told: Told
    place: Place
    is_last: bool
    warning: str | None = None


def time_of(text: str | None) -> datetime | None:
    """Read a time out of a cursor."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


class Walk:
    """Walk down one list from a place on."""

    def __init__(
        self, session: Session, path: str, kind: str, read: Callable[[Sequence[bytes]], Told], place: Place
    ) -> None:
        """Take the path of the list, the kind of responses, how items are read, and where to begin."""
        self._session, self._path, self._kind, self._read = session, path, kind, read
        self._place, self._size, self._limit = place, SIZE, _LIMIT_UNTOLD
        self._behind = {place.before}
        self._has_restarted = False

    def steps(self) -> Iterator[Step]:
        """Give page after page; raises Unfinished when they do not end, and SourceError of the session."""
        number = 0
        while True:
            found, warning = self._page()
            told = self._read(found.items)
            number += 1
            self._bound(found, number)
            place = self._moved(told)
            are_old = self._are_too_old(told)
            is_last = self._is_over(found, told, are_old)
            if any(are_old):
                told.keep(at for at, is_old in enumerate(are_old) if not is_old)
            yield Step(told, place, is_last, warning)
            if is_last:
                return
            if place.before in self._behind:
                raise Unfinished(self._words("does not lead on: its pages repeat, or hold no tokens"))
            if number >= self._limit:
                raise Unfinished(self._words(f"has no end after {number} pages, more than it told of"))
            self._behind.add(place.before)
            self._place = place

    def _page(self) -> tuple[Listing, str | None]:
        """Ask for the next page: a smaller one if it is too large, from the top if the token is refused."""
        warning = None
        while True:
            place = self._place
            params = {"page_size": str(self._size), "response_type": self._kind}
            if place.before:
                params["before"] = place.before
            elif place.cutoff:
                params["since"] = f"{place.cutoff.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
            try:
                return self._session.get(self._path, params, listing), warning
            except Oversized:
                if self._size == 1:
                    raise
                self._size //= 2
            except Refused as refused:
                if refused.status != 400 or not place.before or self._has_restarted:
                    raise
                # The response behind which to go on may be deleted. Once in a walk, and no more.
                warning = self._words("no longer knows the response it was read down to; read from its top")
                self._has_restarted, self._behind = True, {None}
                self._place = replace(place, before=None)

    def _moved(self, told: Told) -> Place:
        newest = max(filter(None, [*told.times, self._place.newest]), default=None)
        return replace(self._place, before=told.last_token or self._place.before, newest=newest)

    def _is_over(self, found: Listing, told: Told, are_old: list[bool]) -> bool:
        if not told or (len(told) < self._size and (found.total or 0) <= len(told)):
            return True
        # All, not only the last one: large pages have been seen in odd order.
        return all(are_old) and not told.rejects

    def _are_too_old(self, told: Told) -> list[bool]:
        cutoff = self._place.cutoff
        if cutoff is None:
            return [False] * len(told.times)
        return [at is not None and at < cutoff for at in told.times]

    def _bound(self, found: Listing, number: int) -> None:
        """Set how many pages are plausible, by the first count that no date narrows."""
        if (
            found.total is not None
            and self._limit == _LIMIT_UNTOLD
            and (number > 1 or not self._place.cutoff)
        ):
            self._limit = max(_LEAST_LIMIT, number + 2 * (found.total // self._size + 5))

    def _words(self, words: str) -> str:
        return self._session.sentence(self._path, f"({self._kind} ones) {words}.")
