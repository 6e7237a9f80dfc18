"""How a step is at work: one run at a time per home, under Prefect, and remembered.

`at_work()` is what every verb begins with: it holds the lock of the home, knows the time and the run, and
writes the run's row into the ledger. Started by another step it joins that step's work instead.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from filelock import FileLock, Timeout

from flows import ledger, settings
from flows.interpreter import sweep_rarely
from flows.records import Busy, HeardbackError
from flows.report import Report
from flows.settings import Settings

VERSION = version("heardback")


@dataclass
class Work:
    """Hold what a step needs to know: settings, the time it goes by, the home, the run and its report."""

    settings: Settings
    now: datetime
    home: Path
    run_id: str
    command: str
    report: Report
    build_id: str | None = None
    withheld: str = ""
    began: float = field(default_factory=monotonic)


_present: ContextVar[Work | None] = ContextVar("heardback_work", default=None)


@contextlib.contextmanager
def at_work(command: str = "step", *, wait: float = 0) -> Iterator[Work]:
    """Do a step's work: alone (lock, run row, exit status) or as part of the work already going on."""
    present = _present.get()
    if present is not None:
        yield present
        return
    sweep_rarely()
    chosen = settings.load()
    with the_home(chosen, command, wait):
        work = _begin(chosen, command)
        token = _present.set(work)
        try:
            yield work
        except BaseException as error:
            # A full disk keeps the ledger from being written, too: what happened first is what is said.
            with contextlib.suppress(HeardbackError):
                _end(work, error.exit_status if isinstance(error, HeardbackError) else 1)
            raise
        finally:
            _present.reset(token)
        status = outcome(work)
        _end(work, status)
        if status:
            raise Incomplete(status, work.withheld or " ".join(work.report.failures))


class Incomplete(HeardbackError):
    """End work whose every sentence was said already, so that Prefect and the shell see its exit status."""

    was_said = True

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_status = status


def outcome(work: Work) -> int:
    """Give the exit status of the contract: 3 when withheld, 1 when something failed, else 0."""
    if work.withheld:
        return 3
    return 1 if work.report.failures else 0


def _begin(chosen: Settings, command: str) -> Work:
    home = chosen.home_folder
    (home / "logs").mkdir(exist_ok=True)
    work = Work(chosen, chosen.now(), home, uuid.uuid4().hex[:12], command, Report(home / "logs"))
    with ledger.open_ledger(chosen.ledger_address) as book:
        ledger.end_killed_runs(book, work.now)
        ledger.start_run(book, work.run_id, VERSION, work.now)
    return work


def _end(work: Work, status: int) -> None:
    counts = {**work.report.counts, "command": work.command, "seconds": round(monotonic() - work.began, 1)}
    with ledger.open_ledger(work.settings.ledger_address) as book:
        ended = max(work.now, work.settings.now())
        ledger.end_run(book, work.run_id, exit_status=status, build_id=work.build_id, counts=counts, at=ended)


@functools.cache
def _lock(path: str) -> FileLock:
    return FileLock(path)


@contextlib.contextmanager
def the_home(chosen: Settings, command: str, wait: float = 0) -> Iterator[None]:
    """Hold the home's lock (again within one process); raises Busy naming who holds it and since when."""
    home = chosen.home_folder
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HeardbackError(f"the home folder {home} cannot be made: {error.strerror}.") from None
    lock = _lock(str(home / "lock"))
    holder = home / "lock.holder"
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise Busy(_who(holder, home)) from None
    try:
        if lock.lock_counter == 1:
            since = datetime.now(UTC).isoformat(timespec="seconds")
            holder.write_text(json.dumps({"pid": os.getpid(), "command": command, "since": since}))
        yield
    finally:
        lock.release()


def _who(holder: Path, home: Path) -> str:
    try:
        other = json.loads(holder.read_text())
        who = (
            f"process {other['pid']} (`heardback {other['command']}`) has been at work since {other['since']}"
        )
    except (OSError, ValueError, KeyError):
        who = "another process is at work"
    return f"{who} in {home}. Wait for it, or let this one wait with --wait SECONDS."
