"""Promise follow-ups to their owners: who does what by when, with the letter that says so.

reads: marts (follow-ups due, whom we may write to), ledger (what stands promised or was resolved); writes:
ledger (assignments, events, letters to owners and to customers)
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger, programme
from flows.directory import directory_of
from flows.letterhead import letterhead
from flows.mail.letters import assignment_letter
from flows.mail.words import moment
from flows.orchestration import Work, at_work
from flows.records import Letter, Promise
from flows.report import counted
from flows.telling import letters_of_receipt, tell_resolved
from flows.warehouse.due import due_follow_ups
from flows.warehouse.marts import current_build, pain_points, withheld_counts


@flow(name="assign")
def assign() -> None:
    """Promise what is due: one letter per owner, in the transaction of the promises it tells of."""
    with at_work("assign") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        build_id = current_build(work.home)
        ledger.require_passed(book, build_id)
        keep_choices(book, work)
        tell(work, promise_due(book, work, str(build_id)), withheld_counts(work.home))
        work.report.count("customers_told", tell_customers(book, work))


@task(cache_policy=NO_CACHE, persist_result=False)
def keep_choices(book: ledger.Ledger, work: Work) -> None:
    """Keep what owners can choose at the desk, which opens the ledger alone."""
    tables, _ = programme.read(work.settings.programme_folder)
    known = {**directory_of(tables), "pain_points": pain_points(work.home)}
    ledger.keep_directory(book, known, work.now)


@task(cache_policy=NO_CACHE, persist_result=False)
def promise_due(book: ledger.Ledger, work: Work, build_id: str) -> int:
    """Promise what the marts ask for. Read in here: Prefect would look through every fact it is handed."""
    zone = work.settings.configuration.company.timezone
    return promise_all(book, work, [promise_of(facts, build_id, zone) for facts in due_follow_ups(work.home)])


@task(cache_policy=NO_CACHE, persist_result=False)
def tell_customers(book: ledger.Ledger, work: Work) -> int:
    """Write to the customers whose follow-ups were resolved, where the rule says so; returns how many."""
    told = tell_resolved(book, work, letterhead(work.settings))
    if told:
        work.report.line("assign", f"{counted(told, 'letter')} to customers: what became of it.")
    return told


def promise_all(book: ledger.Ledger, work: Work, promises: list[Promise]) -> int:
    """Promise owner by owner; returns how many are new. An owner who cannot be written to fails alone."""
    sender = letterhead(work.settings)
    sender.parsed()  # a wrong sender stops here, before anything is promised
    by_owner: dict[str, list[Promise]] = defaultdict(list)
    for one in promises:
        by_owner[one.owner_id].append(one)
    assigned = owners = 0
    to_customers = letters_of_receipt(book, work, sender, promises)

    def compose(new: list[Promise]) -> Letter:
        return assignment_letter([one.facts for one in new], sender, work.now)

    with work.report.progress("writing letters", total=len(by_owner)) as advance:
        for own in by_owner.values():
            try:
                letter = ledger.promise(book, own, compose, work.now, to_customers)
            except ValueError as error:
                work.report.fail(
                    f"not assigned: {counted(len(own), 'follow-up')} of {own[0].owner_id}: {error}.", "assign"
                )
                letter = None
            assigned += len(letter.assignment_keys) if letter else 0
            owners += letter is not None
            advance()
    work.report.count("owners_written_to", owners)
    return assigned


def promise_of(facts: dict[str, Any], build_id: str, zone: str = "UTC") -> Promise:
    """Turn one due follow-up with its facts into the promise the ledger keeps (facts as plain JSON).

    `zone` serves owners who have none of their own.
    """
    plain = _plain(facts)
    owner, rule = plain.get("owner") or {}, plain.get("rule") or {}
    plain["received_at"] = plain.get("received_at") or plain.get("submitted_at")
    plain["tell_customer"] = plain.get("tell_customer") or rule.get("tell_customer")
    plain["timezone"] = plain.get("timezone") or owner.get("timezone") or zone
    return Promise(
        assignment_key=plain["follow_up_key"],
        kind=plain["kind"],
        subject_key=plain["response_key"],
        owner_id=plain["owner_id"],
        team_id=plain["team_id"],
        rule_id=plain["rule_id"],
        due_at=moment(plain.get("due_at")),
        build_id=build_id,
        facts=plain,
    )


def tell(work: Work, assigned: int, withheld: dict[str, int]) -> None:
    """Say how many were assigned, and how many were withheld and why."""
    rest = {reason: number for reason, number in withheld.items() if reason != "too_old"}
    kept = ", ".join(f"{number} {reason.replace('_', ' ')}" for reason, number in sorted(rest.items()))
    work.report.count("follow_ups_assigned", assigned)
    work.report.line(
        "assign", counted(assigned, "follow-up") + " assigned" + (f"; withheld: {kept}." if kept else ".")
    )
    if too_old := withheld.get("too_old"):
        days = work.settings.configuration.follow_ups.within_days
        work.report.line(
            "assign",
            f"too old for a letter: {counted(too_old, 'follow-up')} for answers older than "
            f"{counted(days, 'day')}; `follow_ups.within_days` in the configuration governs that.",
        )


def _plain(value: Any) -> Any:
    """Make facts plain JSON: times as ISO text with their offset (UTC where they have none)."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        time = moment(value) if hasattr(value, "hour") else value
        return time.isoformat() if time else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)
