"""Sources asked side by side, a thread for each place that is asked; what they tell is written one at a time.

Threads wait for answers only: whoever has a page goes through the one door to `raw`, so a source holds no
more than what is read ahead and what its landing gathers. When the work ends early, the door closes and
nobody comes through any more; threads that still wait for an answer are no reason to wait for them.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TypeVar

AT_ONCE = 6  # each may hold what is read ahead, and a landing's worth of bytes

One = TypeVar("One")


class Closed(Exception):
    """Say that the work ended while something was on its way."""


class Door:
    """Let one in at a time, until it is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Have the room behind the door alone; raises Closed when the work ended."""
        with self._lock:
            if self._is_closed:
                raise Closed
            yield

    def close(self) -> None:
        """Let nobody in any more; waits for whoever is inside."""
        with self._lock:
            self._is_closed = True


def lanes(ones: Iterable[One], place: Callable[[One], Hashable]) -> list[list[One]]:
    """Put those of one place behind one another, in their order: its limits count all that ask it."""
    found: dict[Hashable, list[One]] = {}
    for one in ones:
        found.setdefault(place(one), []).append(one)
    return list(found.values())


def side_by_side(chosen: Sequence[Sequence[One]], do: Callable[[One], None]) -> Iterator[One]:
    """Do something for everyone, lane beside lane and in a lane one after another; gives each as it ends.

    What `do` raises is raised here, and ends it all.
    """
    waiting: SimpleQueue[Sequence[One]] = SimpleQueue()
    ended: SimpleQueue[tuple[One, BaseException | None]] = SimpleQueue()
    for lane in chosen:
        waiting.put(lane)

    def work() -> None:
        with contextlib.suppress(Empty):
            while True:
                for one in waiting.get_nowait():
                    try:
                        do(one)
                    except BaseException as error:
                        ended.put((one, error))
                        return
                    ended.put((one, None))

    for _ in range(min(AT_ONCE, len(chosen))):
        threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()
    for _ in range(sum(map(len, chosen))):
        one, error = ended.get()
        if error is not None:
            raise error
        yield one


def in_turn(ended: Iterable[One], order: Sequence[One]) -> Iterator[One]:
    """Give what ended in a fixed order, each as soon as all before it ended too."""
    done: list[One] = []
    turn = 0
    for one in ended:
        done.append(one)
        while turn < len(order) and order[turn] in done:
            yield order[turn]
            turn += 1
