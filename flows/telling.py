"""Letters to customers, where the routing rule says so: who answers by when, and what became of it.

Only who may be written to gets one, at the address known now; the letter waits in the outbox like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows import ledger
from flows.ledger import Ledger
from flows.mail.customers import PURPOSE, can_be_told, customer_letter
from flows.mail.message import Sender
from flows.mail.quiet import quiet_until
from flows.orchestration import Work
from flows.records import Letter, Promise
from flows.report import counted
from flows.warehouse.eligibility import addresses, barred

Facts = dict[str, Any]
UNREACHABLE = (
    "{count} to customers not written: they could reach no desk to answer at, or to end such letters. Set "
    "HEARDBACK_BASE_URL to the desk's public address."
)


def letters_of_receipt(
    book: Ledger, work: Work, sender: Sender, promises: list[Promise]
) -> Callable[[list[Promise]], Iterator[Letter]]:
    """Give what writes the letters that tell customers who answers by when, for those of these promises."""
    wanted = [
        one.facts
        for one in promises
        if one.facts.get("tell_customer") in ("received", "both") and _has_address(one.facts)
    ]
    if wanted and not can_be_told(sender):
        work.report.warn(UNREACHABLE.format(count=counted(len(wanted), "letter")), "assign")
        wanted = []
    shut = shut_out(book, work.home, wanted)
    open_to = {facts["follow_up_key"] for facts in wanted if not _shut(facts, shut)}

    def letters(new: list[Promise]) -> Iterator[Letter]:
        for one in new:
            if one.assignment_key in open_to and (letter := _written(work, "received", one.facts, sender)):
                yield letter

    return letters


def shut_out(book: Ledger, home: Path, all_facts: list[Facts]) -> dict[str, str]:
    """Say of the customers (or anonymous responses) behind follow-ups which may not be written to, and why.

    The ledger's preferences count at once, the rest as of the marts.
    """
    if not all_facts:
        return {}
    customers = {str(facts["customer_id"]) for facts in all_facts if facts.get("customer_id")}
    keys = {str(facts["customer_key"]) for facts in all_facts if facts.get("customer_key")}
    refusing = dict.fromkeys(ledger.refusing(book, customers | keys, PURPOSE), "unsubscribed")
    return barred(home, customers, {str(facts["response_key"]) for facts in all_facts}) | refusing


def tell_resolved(book: Ledger, work: Work, sender: Sender) -> int:
    """Queue what resolved follow-ups have to tell their customers, each once; returns how many letters."""
    waiting, written = ledger.resolved_untold(book), 0
    if waiting and not can_be_told(sender):
        work.report.warn(UNREACHABLE.format(count=counted(len(waiting), "letter")), "assign")
        return 0
    rows = [{**(row["facts"] or {}), "follow_up_key": row["assignment_key"]} for row, _ in waiting]
    shut = shut_out(book, work.home, rows)
    known = addresses(work.home, {one["response_key"]: one.get("customer_id") for one in rows})
    for facts, (_, life) in zip(rows, waiting, strict=True):
        if _shut(facts, shut):
            continue
        told = {**facts, "customer": {"id": facts.get("customer_id"), **known[facts["response_key"]]}}
        letter = _written(work, "resolved", told, sender, life)
        written += letter is not None and _queue(book, letter, work)
    return written


def withdraw_barred(book: Ledger, work: Work) -> int:
    """Take back waiting letters to customers whom the marts by now say not to write to; returns how many."""
    waiting = ledger.customer_letters_waiting(book)
    shut = shut_out(book, work.home, [row["facts"] or {} for _, row in waiting])
    barred_now = [(identity, _shut(row["facts"] or {}, shut)) for identity, row in waiting]
    for identity, why in barred_now:
        if why:
            ledger.mark_failed(book, identity, f"withheld: {why}")
    return sum(bool(why) for _, why in barred_now)


def _shut(facts: Facts, shut: dict[str, str]) -> str:
    """Say why the customer of a follow-up may not be written to; empty where that is allowed."""
    names = (str(facts.get(name) or "") for name in ("customer_key", "customer_id", "response_key"))
    return next((shut[name] for name in names if name in shut), "")


def _has_address(facts: Facts) -> bool:
    return bool((facts.get("customer") or {}).get("email"))


def _written(work: Work, stage: Any, facts: Facts, sender: Sender, life: int = 0) -> Letter | None:
    """Write one letter for after the quiet hours; None for a customer without an address to write to."""
    if not _has_address(facts):
        return None
    try:
        letter = customer_letter(stage, facts, sender, work.now, life)
    except ValueError:  # never the address itself: it is personal
        key = facts["follow_up_key"]
        work.report.warn(f"the customer of {key} was not told: the address cannot be written to", "assign")
        return None
    quiet = work.settings.configuration.letters.quiet_hours
    zone = facts.get("timezone") or sender.timezone
    return replace(letter, not_before=quiet_until(quiet, zone, work.now))


def _queue(book: Ledger, letter: Letter, work: Work) -> int:
    with book.writing() as connection:
        if ledger.letter_exists(connection, letter.message_id):
            return 0
        ledger.queue_letter(connection, letter, work.now)
    return 1
