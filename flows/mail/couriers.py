"""Couriers: one thread a door, which takes a letter, sends it, and comes back with what was said."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from flows.ledger import Waiting
from flows.mail.doors import Door, Outcome

PATIENCE = 0.002  # seconds that who is back waits for others, for one commit costs as much for two letters


@dataclass(frozen=True, slots=True)
class _Broken:
    """Carry an error that no outcome stands for to the thread that can raise it."""

    error: BaseException


class Couriers:
    """Send letters by several doors at once; `away` counts the letters that are on their way."""

    def __init__(self, doors: Sequence[Door]) -> None:
        """Name the doors; the threads start with the `with` block."""
        self.away = 0
        self._returns: SimpleQueue[tuple[Door, Waiting, Outcome | _Broken]] = SimpleQueue()
        self._tasks: dict[int, SimpleQueue[Waiting | None]] = {id(door): SimpleQueue() for door in doors}
        self._threads = [
            Thread(target=self._work, args=(door,), name=f"letters-{number}")
            for number, door in enumerate(doors)
        ]

    def __enter__(self) -> Couriers:
        """Start the threads."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Let every courier end what is under way, and wait for that."""
        for tasks in self._tasks.values():
            tasks.put(None)
        for thread in self._threads:
            thread.join()

    def hand(self, door: Door, letter: Waiting) -> None:
        """Give a letter to the courier of a door that is free."""
        self.away += 1
        self._tasks[id(door)].put(letter)

    def returned(self) -> list[tuple[Door, Waiting, Outcome]]:
        """Wait for who comes back: half of those away, or whoever is here when PATIENCE has passed."""
        back, wanted = [self._returns.get()], (self.away + 1) // 2
        until = time.monotonic() + PATIENCE
        with suppress(Empty):
            while len(back) < wanted:
                back.append(self._returns.get(timeout=max(0, until - time.monotonic())))
            while True:
                back.append(self._returns.get_nowait())
        self.away -= len(back)
        return [(door, letter, _unbroken(outcome)) for door, letter, outcome in back]

    def _work(self, door: Door) -> None:
        tasks = self._tasks[id(door)]
        while (letter := tasks.get()) is not None:
            outcome: Outcome | _Broken
            try:
                outcome = door.send(letter.message_id, letter.recipient, letter.body)
            except BaseException as error:  # whatever it is, the thread that waits must hear of it
                outcome = _Broken(error)
            self._returns.put((door, letter, outcome))


def _unbroken(outcome: Outcome | _Broken) -> Outcome:
    if isinstance(outcome, _Broken):
        raise outcome.error
    return outcome
