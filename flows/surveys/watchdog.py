"""Who barks when something takes too long: one thread for many things that are done one after another.

A `threading.Timer` for each would start a thread for each, which costs more than most answers take to read.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Watchdog:
    """Watch one thing at a time; the thread that does so lives while there is something."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: tuple[float, Callable[[], None]] | None = None
        self._wakes: float | None = None  # on the monotonic clock; None while no thread watches

    @contextlib.contextmanager
    def watching(self, seconds: float, bark: Callable[[], None]) -> Iterator[None]:
        """Call `bark` from another thread when what is done inside takes longer; never once it is done."""
        due = time.monotonic() + seconds
        with self._changed:
            self._watched = due, bark
            if self._wakes is None:
                threading.Thread(target=self._watch, daemon=True).start()
                self._wakes = due
            elif due < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._watched = None

    def end(self) -> None:
        """Let the thread go home."""
        with self._changed:
            self._changed.notify()

    def _watch(self) -> None:
        """Sleep until something is due: who is done early is not worth waking up for."""
        with self._changed:
            while self._watched is not None:
                due, bark = self._watched
                if (left := due - time.monotonic()) <= 0:
                    self._watched = None
                    bark()
                else:
                    self._wakes = due
                    self._changed.wait(left)
            self._wakes = None
