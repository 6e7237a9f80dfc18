"""Reminders to owners and letters to managers, each in one transaction with the event that says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows import ledger
from flows.ledger import Ledger, Said
from flows.mail.letters import escalation_letter, reminder_letter
from flows.mail.message import Sender
from flows.mail.quiet import quiet_until
from flows.mail.sentences import Occasion
from flows.records import Letter

Row = dict[str, Any]
BEFORE, AT = "before", "at"
HEARDBACK = "heardback"
# Who was told of a follow-up just now is not reminded of it in the same breath.
JUST_TOLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """Say when reminders are due, in hours before and after the deadline, and when nobody is written to."""

    remind_before_hours: float = 4
    escalate_after_hours: float = 0
    quiet_hours: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Hold what writing to colleagues needs: who signs, the rules, who is who today, and what time it is.

    `up_to_date` gives a follow-up's facts with today's addresses, `manager_of` who leads an owner of a team.
    """

    sender: Sender
    rules: Rules
    now: datetime
    up_to_date: Callable[[Row], Row]
    manager_of: Callable[[str, str], Row | None]


@dataclass(frozen=True, slots=True)
class Due:
    """Name a follow-up and its deadline as it stands now, after any waiting for the customer."""

    key: str
    owner_id: str
    due_at: datetime


@dataclass(slots=True)
class Told:
    """Say which letters were written, and a sentence for each that could not be."""

    letters: list[Letter] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Count others in."""
        self.letters += other.letters
        self.faults += other.faults


def stage(due_at: datetime, now: datetime, rules: Rules) -> str | None:
    """Tell which reminder of the owner it is time for: before the deadline, at it, or none yet."""
    if now >= due_at:
        return AT
    return BEFORE if now >= due_at - timedelta(hours=rules.remind_before_hours) else None


def is_late(due_at: datetime, now: datetime, rules: Rules) -> bool:
    """Tell whether the manager should know: the deadline is past, and the hours of grace after it."""
    return now > due_at and now >= due_at + timedelta(hours=rules.escalate_after_hours)


def remind_owner(book: Ledger, due: Sequence[Due], office: Office, answers: Mapping[str, str]) -> Told:
    """Remind one owner of what is due, in one letter; what they were reminded of before is left out.

    `answers` gives the letter that each follow-up came in, so that mail programs show them together.
    """
    wanted, told = {one.key: one for one in due}, Told()
    with book.writing() as connection:
        facts, first = [], 0
        for row, history in ledger.standing(connection, wanted):
            one = wanted[row["assignment_key"]]
            now_at = stage(one.due_at, office.now, office.rules)
            if now_at is None or not _should_remind(row, history, one, now_at, office.now):
                continue
            more = {"stage": now_at, "owner_id": one.owner_id, "due_at": one.due_at.isoformat()}
            said = Said(one.key, "reminded", HEARDBACK, office.now, more=more)
            event_id = ledger.write_event(connection, said).event_id
            first = first or event_id
            facts.append(_facts(row, office, one.due_at))
        if facts:
            in_thread = answers.get(facts[0]["follow_up_key"], "")
            letter = reminder_letter(facts, office.sender, office.now, f"event {first}", in_thread)
            told.letters.append(_queue(connection, letter, (facts[0].get("owner") or {}), office))
    return told


def escalate(
    book: Ledger, keys: Mapping[str, datetime | None], trouble: Occasion, office: Office, note: str = ""
) -> Told:
    """Tell the managers of open follow-ups (key: deadline as it stands) of a trouble, each once.

    One letter per manager. A follow-up nobody leads is named in a fault.
    """
    told = Told()
    with book.writing() as connection:
        by_manager: dict[str, list[Row]] = defaultdict(list)
        people: dict[str, Row] = {}
        for row, history in ledger.standing(connection, keys):
            if row["status"] not in ledger.NOT_REACHED or ledger.was_escalated(history, trouble):
                continue
            manager = office.manager_of(row["owner_id"], row["team_id"])
            if manager is None:
                told.faults.append(
                    f"nobody leads {row['owner_id']} or the team {row['team_id']}: write a manager_email "
                    f"into owners.csv or teams.csv, so that somebody hears of {row['assignment_key']}"
                )
                continue
            people[manager["email"].lower()] = manager
            by_manager[manager["email"].lower()].append(row)
        for address, rows in by_manager.items():
            manager = people[address]
            more = {"trouble": trouble, "to": "manager"}
            said = [
                Said(row["assignment_key"], "escalated", HEARDBACK, office.now, note or None, more=more)
                for row in rows
            ]
            first = min(ledger.write_event(connection, one).event_id for one in said)
            facts = [_facts(row, office, keys[row["assignment_key"]]) for row in rows]
            letter = escalation_letter(facts, manager, trouble, office.sender, office.now, f"event {first}")
            told.letters.append(_queue(connection, letter, manager, office))
    return told


def _should_remind(row: Row, history: Sequence[Row], due: Due, now_at: str, now: datetime) -> bool:
    if row["status"] not in ledger.NOT_REACHED or row["owner_id"] != due.owner_id:
        return False
    told_at = [one["at"] for one in history if one["event"] in ("assigned", "reassigned", "reopened")]
    if told_at and now - max(told_at) < JUST_TOLD:
        return False
    return not ledger.was_reminded(history, now_at, due.owner_id)


def _facts(row: Row, office: Office, due_at: datetime | None) -> Row:
    facts = {**(row["facts"] or {}), "owner_id": row["owner_id"], "team_id": row["team_id"]}
    current = office.up_to_date(facts)
    return {**current, "due_at": due_at.isoformat()} if due_at else current


def _queue(connection: Any, letter: Letter, reader: Row, office: Office) -> Letter:
    """Put a letter into the outbox, for after its reader's quiet hours."""
    zone = reader.get("timezone") or office.sender.timezone
    held = replace(letter, not_before=quiet_until(office.rules.quiet_hours, zone, office.now))
    ledger.queue_letter(connection, held, office.now)
    return held
