"""What is read while something else is done with what came before: pages, mostly, while others are written.

DuckDB lets other threads work while it writes, and a tool that is waited for takes no time of ours.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Generic, TypeAlias, TypeVar

AHEAD = 2  # where nobody says how much may be read ahead

One = TypeVar("One")
_Told: TypeAlias = tuple[list[One], BaseException | None]


def ahead(
    found: Iterator[One], weigh: Callable[[One], int] = lambda _: 1, room: int = AHEAD
) -> Iterator[One]:
    """Give what an iterator gives, which goes on by itself a little ahead; `abreast` does so with several."""
    return abreast([found], 1, weigh, room)


def abreast(
    found: Sequence[Iterator[One]],
    at_once: int,
    weigh: Callable[[One], int] = lambda _: 1,
    room: int = AHEAD,
) -> Iterator[One]:
    """Give what iterators give, so many of them at once, each in a thread: in its own order, as it comes.

    What waits to be asked for weighs no more than there is room, or is one alone. What one of them raises is
    raised here in its turn, and ends it all. When nobody asks any more, they are closed at their next step,
    which is not waited for.
    """
    shelf = _Shelf[_Told[One]](room)
    left: SimpleQueue[Iterator[One]] = SimpleQueue()
    for one in found:
        left.put(one)
    threads = min(at_once, len(found))
    for _ in range(threads):
        run = copy_context().run
        threading.Thread(target=run, args=(_read_all, left, shelf, weigh), daemon=True).start()
    try:
        while threads:
            page, error = shelf.take()
            yield from page
            if error is not None:
                raise error
            threads -= not page
    finally:
        shelf.close()


def _read_all(
    left: SimpleQueue[Iterator[One]], shelf: _Shelf[_Told[One]], weigh: Callable[[One], int]
) -> None:
    """Read one iterator after another; at the end stands no page, with what broke it off if anything did."""
    error = None
    while not shelf.is_over and error is None:
        try:
            one = left.get_nowait()
        except Empty:
            break
        try:
            _read(one, shelf, weigh)
        except BaseException as raised:
            error = raised
    shelf.put(([], error), 0)


def _read(one: Iterator[One], shelf: _Shelf[_Told[One]], weigh: Callable[[One], int]) -> None:
    try:
        for page in one:
            shelf.put(([page], None), weigh(page))
            if shelf.is_over:
                return
    finally:
        getattr(one, "close", lambda: None)()


class _Shelf(Generic[One]):
    """Hold what was put there until it is taken, as much as there is room for; what is too heavy, alone."""

    def __init__(self, room: int) -> None:
        self._room, self._weight = room, 0
        self._held: deque[tuple[One, int]] = deque()
        self._changed = threading.Condition()
        self.is_over = False

    def put(self, one: One, weight: int) -> None:
        """Put something there as soon as there is room, unless nobody asks any more."""

        def has_room() -> bool:
            return self.is_over or not self._held or self._weight + weight <= self._room

        with self._changed:
            self._changed.wait_for(has_room)
            if not self.is_over:
                self._held.append((one, weight))
                self._weight += weight
                self._changed.notify_all()

    def take(self) -> One:
        """Take what was put there first, as soon as there is something."""
        with self._changed:
            self._changed.wait_for(lambda: self._held)
            one, weight = self._held.popleft()
            self._weight -= weight
            self._changed.notify_all()
            return one

    def close(self) -> None:
        """Take nothing any more."""
        with self._changed:
            self.is_over = True
            self._held.clear()
            self._changed.notify_all()
