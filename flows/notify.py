"""Send the letters that wait: over one connection, or into the Maildir of the home.

reads: ledger (letters), marts (whom we may write to); writes: mailboxes, ledger (what became of each letter)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger
from flows.mail.doors import Door
from flows.mail.sending import Sent, send_waiting
from flows.orchestration import at_work
from flows.posting import post
from flows.report import counted
from flows.telling import withdraw_barred
from flows.warehouse.marts import current_build


@flow(name="notify")
def notify() -> None:
    """Send what may go out now; what the server may have had when we died goes again, same Message-ID."""
    with at_work("notify") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        ledger.require_passed(book, current_build(work.home))
        taken_back = withdraw_barred(book, work)
        if taken_back:
            work.report.line("notify", f"{counted(taken_back, 'letter')} to customers taken back.")
        if ledger.letters_waiting(book) == 0:
            work.report.line("notify", "no letter waits.")
            return
        post(work, book, "notify", send)


@task(cache_policy=NO_CACHE, persist_result=False)
def send(book: ledger.Ledger, doors: Sequence[Door], now: datetime, advance: Callable[[], object]) -> Sent:
    """Send every letter that may go out now (a dropped connection is made anew by the door itself)."""
    return send_waiting(book, doors, now, advance)
