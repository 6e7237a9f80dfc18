"""What is read while something else is done with what came before: pages, mostly, while others are written.

DuckDB lets other threads work while it writes, and a tool that is waited for takes no time of ours.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from queue import Empty, Full, Queue, SimpleQueue
from typing import TypeVar

# More would cost memory and gain nothing: whoever is slower sets the pace.
AHEAD = 2
_PATIENCE = 0.5  # seconds until who finds no room looks whether anybody still asks
_TURN = 0.0005  # seconds

One = TypeVar("One")


@contextmanager
def quick_turns() -> Iterator[None]:
    """Let threads take turns quickly: Python's five milliseconds are longer than most calls of DuckDB take.

    Whoever comes back from one had to wait that long for a thread that reads; so nothing was won by two.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def ahead(found: Iterator[One]) -> Iterator[One]:
    """Give what an iterator gives, which goes on by itself a little ahead; `abreast` does so with several."""
    return abreast([found], 1)


def abreast(found: Sequence[Iterator[One]], at_once: int) -> Iterator[One]:
    """Give what iterators give, so many of them at once, each in a thread: in its own order, as it comes.

    What one of them raises is raised here in its turn, and ends it all. When nobody asks any more, they are
    closed at their next step, which is not waited for.
    """
    waiting: Queue[tuple[list[One], BaseException | None]] = Queue(AHEAD)
    left: SimpleQueue[Iterator[One]] = SimpleQueue()
    for one in found:
        left.put(one)
    is_over = threading.Event()

    def put(page: list[One], error: BaseException | None = None) -> None:
        _put(waiting, (page, error), is_over)

    def read(one: Iterator[One]) -> None:
        try:
            for page in one:
                put([page])
                if is_over.is_set():
                    return
        finally:
            getattr(one, "close", lambda: None)()

    def work() -> None:
        error = None
        while not is_over.is_set() and error is None:
            try:
                one = left.get_nowait()
            except Empty:
                break
            try:
                read(one)
            except BaseException as raised:
                error = raised
        put([], error)

    threads = min(at_once, len(found))
    for _ in range(threads):
        threading.Thread(target=copy_context().run, args=(work,), daemon=True).start()
    try:
        while threads:
            page, error = waiting.get()
            yield from page
            if error is not None:
                raise error
            threads -= not page
    finally:
        is_over.set()


def _put(queue: Queue[One], told: One, is_over: threading.Event) -> None:
    """Put something into a queue as soon as there is room, unless nobody asks any more."""
    while not is_over.is_set():
        with suppress(Full):
            queue.put(told, timeout=_PATIENCE)
            return
