"""Remind owners before and at the deadline, and tell their managers after it; each of it once.

reads: ledger (open follow-ups, events); writes: ledger (events, letters), mailboxes. It rests on the ledger
alone, so it goes out also when the checks of a build failed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger
from flows.colleagues import office_of
from flows.desk.deadlines import deadline
from flows.mail.doors import Door
from flows.mail.escalating import Due, Office, Told, escalate, is_late, remind_owner, stage
from flows.mail.sending import Sent, send_waiting
from flows.orchestration import Work, at_work
from flows.posting import post
from flows.report import counted

KINDS = ("reminder", "escalation")


@flow(name="remind")
def remind() -> None:
    """Write what is due to be reminded of, then send it."""
    with at_work("remind") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        tell(work, write_reminders(book, work))
        post(work, book, "remind", send, KINDS)


@task(cache_policy=NO_CACHE, persist_result=False)
def send(book: ledger.Ledger, doors: Sequence[Door], now: datetime, advance: Callable[[], object]) -> Sent:
    """Send the letters of this step that may go out now."""
    return send_waiting(book, doors, now, advance, KINDS)


@task(cache_policy=NO_CACHE, persist_result=False)
def write_reminders(book: ledger.Ledger, work: Work) -> Told:
    """Write one letter to each owner with something due, and one to each manager with something late."""
    office, _ = office_of(work.settings, work.now)
    by_owner: dict[str, list[Due]] = defaultdict(list)
    late: dict[str, datetime | None] = {}
    for one in open_deadlines(book, work.now):
        if stage(one.due_at, work.now, office.rules):
            by_owner[one.owner_id].append(one)
        if is_late(one.due_at, work.now, office.rules):
            late[one.key] = one.due_at
    return write_to(book, by_owner, late, office)


def open_deadlines(book: ledger.Ledger, now: datetime) -> Iterator[Due]:
    """Give the deadline as it stands of every open follow-up whose customer nobody has reached."""
    directory = ledger.read_directory(book)
    for row, history in ledger.not_reached(book):
        due_at = deadline(row, history, now, directory)
        if due_at is not None:
            yield Due(row["assignment_key"], row["owner_id"], due_at)


def write_to(
    book: ledger.Ledger,
    by_owner: Mapping[str, list[Due]],
    late: Mapping[str, datetime | None],
    office: Office,
) -> Told:
    """Write the letters, owner by owner; one who cannot be written to fails alone."""
    told = Told()
    threads = ledger.assignment_letters(book) if by_owner else {}
    for owner_id, due in sorted(by_owner.items()):
        try:
            told.add(remind_owner(book, due, office, threads))
        except ValueError as error:
            told.faults.append(f"{owner_id} was not reminded: {error}")
    if late:
        told.add(escalate(book, late, "late", office))
    return told


def tell(work: Work, told: Told) -> None:
    """Say what was written; who could not be written to makes the run end with status 1."""
    reminders = sum(letter.kind == "reminder" for letter in told.letters)
    escalations = len(told.letters) - reminders
    work.report.count("reminders", reminders)
    work.report.count("escalations", escalations)
    sentence = f"{counted(reminders, 'reminder')}, {counted(escalations, 'escalation')} written."
    work.report.line("remind", sentence if told.letters else "nobody is to be reminded.")
    for fault in told.faults:
        work.report.fail(f"{fault}.", "remind")
