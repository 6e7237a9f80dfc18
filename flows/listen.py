"""Hear what owners did: read their answers, close what was resolved long ago, copy the ledger to raw.

reads: mailbox (answers), ledger (events, preferences); writes: ledger (what answers say, closed), raw
(copy of events and preferences)
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger
from flows.colleagues import office_of
from flows.letterhead import root_causes
from flows.mail.hearing import Heard, hear
from flows.mail.mailbox import Answers, Unreachable
from flows.mail.replies import read_reply
from flows.orchestration import Work, at_work
from flows.records import HeardbackError
from flows.report import counted
from flows.warehouse.ledger_copy import append_events, append_preferences, last_event


@flow(name="listen")
def listen() -> None:
    """Bring what happened since the last run to where dbt reads it."""
    with at_work("listen") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        if work.settings.imap_url:
            tell(work, hear_answers(book, work))
        closed = close_resolved(book, work.now, work.settings.configuration.follow_ups.close_after_days)
        heard = copy_events(book, work.home)
        work.report.count("preferences_heard", copy_preferences(book, work.home))
        work.report.count("events_heard", heard)
        ended = f"; {counted(closed, 'follow-up')} closed after waiting long enough" if closed else ""
        work.report.line("listen", f"{counted(heard, 'new event')} from the ledger{ended}.")


@task(cache_policy=NO_CACHE, persist_result=False)
def hear_answers(book: ledger.Ledger, work: Work) -> Heard:
    """Read the answers that came by mail; each is marked once what it says stands in the ledger.

    A mailbox that cannot be reached is a fault of this run and of nothing else.
    """
    office, staff = office_of(work.settings, work.now)
    causes, heard = root_causes(work.settings), Heard()
    ours = tuple({one.addr_spec for one in (office.sender.parsed(), office.sender.replies()) if one})
    box = Answers(work.settings.imap_url)
    try:
        for uid, message in box.new():
            heard.add(hear(book, read_reply(message, causes, ours), office, staff.may_speak_for))
            box.done(uid)
    except Unreachable as fault:
        heard.faults.append(f"{fault}.")
    finally:
        box.close()
    return heard


def tell(work: Work, heard: Heard) -> None:
    """Say what the answers said; what failed makes the run end with status 1."""
    work.report.count("answers_heard", heard.answers)
    if heard.answers:
        said = f"{counted(heard.answers, 'answer')} by mail, {counted(heard.events, 'event')} noted."
        work.report.line("listen", said)
    for sentence in heard.remarks:
        work.report.warn(sentence, "listen")
    for sentence in heard.faults:
        work.report.fail(sentence, "listen")


@task(cache_policy=NO_CACHE, persist_result=False)
def close_resolved(book: ledger.Ledger, now: datetime, days: int) -> int:
    """Close what was resolved `days` days ago or earlier; returns how many."""
    return len(ledger.close_due(book, now, days))


@task(cache_policy=NO_CACHE, persist_result=False)
def copy_events(book: ledger.Ledger, home: Path) -> int:
    """Copy the events that raw does not have yet, in one transaction; returns how many.

    Raises HeardbackError when the copy knows more: the ledger was replaced, or restored from an old backup.
    """
    known = last_event(home)
    newest = ledger.last_event_id(book)
    if newest < known:
        raise HeardbackError(
            f"The ledger's newest event is number {newest}, but raw.duckdb knows {known}: another ledger "
            "stands in its place, or an old backup. Name the right one in HEARDBACK_LEDGER_URL."
        )
    return append_events(home, ledger.events_after(book, known)) if newest > known else 0


@task(cache_policy=NO_CACHE, persist_result=False)
def copy_preferences(book: ledger.Ledger, home: Path) -> int:
    """Copy what customers prefer since the last run; returns how many new words there are."""
    return append_preferences(home, ledger.all_preferences(book))
