"""A process that lands pages from its cursor on, to be killed: `lander.py HOME TOTAL`.

Each line on standard input says how many seconds the next child may live (0: to its end). Forking from here
spares every child the imports; nothing of DuckDB is opened before.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from flows.records import Cursor, HeardbackError, Page, Responses
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing
from tests.warehouse.landings import ORIGIN, customer, definition, filler, reject, response

SIZE = 40


def pages(begin: int, total: int) -> Iterator[Page]:
    """Tell responses in order, with a cursor behind each page."""
    for number in range(begin, total, SIZE):
        end = min(number + SIZE, total)
        yield Page(
            responses=Responses(response(one, filler(one) * 8) for one in range(number, end)),
            definitions=[definition("visit", f"as of {number // 400}")],
            customers=[customer(f"c{number}", name="Ann")],
            rejects=[reject(f"line {number}")],
            cursors=[Cursor("visit", "next", str(end))],
        )


def work(home: Path, total: int) -> None:
    """Land what is left."""
    with raw.opened(home) as connection:
        landing = Landing(connection, ORIGIN)
        for page in pages(int(landing.cursors().get(("visit", "next"), 0)), total):
            landing.take(laid_out(page))
        landing.end("ok", "")


def live(home: Path, total: int, seconds: float) -> str:
    """Let a child work for a while, then kill it; gives how it ended."""
    child = os.fork()
    if child == 0:
        try:
            work(home, total)
        except HeardbackError as error:
            print(f"failed: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    if seconds:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}"


if __name__ == "__main__":
    for line in sys.stdin:
        print(live(Path(sys.argv[1]), int(sys.argv[2]), float(line)), flush=True)
