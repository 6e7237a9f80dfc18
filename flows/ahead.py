"""Pages read while those before them are written: DuckDB lets another thread work meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, Queue
from typing import TypeVar

# More would cost memory and gain nothing: whoever is slower sets the pace.
AHEAD = 2

One = TypeVar("One")


def ahead(found: Iterator[One]) -> Iterator[One]:
    """Give what an iterator gives, which goes on by itself in a thread of its own, a little ahead.

    What it raises is raised here in its turn. When nobody asks any more, it is closed at its next step, which
    is not waited for.
    """
    waiting: Queue[tuple[list[One], BaseException | None]] = Queue(AHEAD)
    is_over = threading.Event()

    def read() -> None:
        error: BaseException | None = None
        try:
            for one in found:
                waiting.put(([one], None))
                if is_over.is_set():
                    break
        except BaseException as raised:
            error = raised
        finally:
            getattr(found, "close", lambda: None)()
            waiting.put(([], error))

    threading.Thread(target=copy_context().run, args=(read,), daemon=True).start()
    try:
        while True:
            page, error = waiting.get()
            yield from page
            if error is not None:
                raise error
            if not page:
                return
    finally:
        is_over.set()
        with suppress(Empty):  # room for what is on its way, and for the end
            while True:
                waiting.get_nowait()
