"""`heardback rehearse`: who would get which letter, and why; sends and writes nothing.

Read from today's marts and a copy of the ledger, on which everything is done that a run would do to send
letters: to owners, customers, managers and teams.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import ledger
from flows.ledger.probe import looked_at
from flows.records import HeardbackError, Withheld
from flows.settings import Settings
from flows.warehouse.due import due_follow_ups
from flows.warehouse.marts import current_build, withheld_counts

if TYPE_CHECKING:
    from flows.played import Played

_SHOWN = (
    "follow_up_key",
    "kind",
    "rule_id",
    "journey_id",
    "touchpoint_id",
    "customer_id",
    "submitted_at",
    "due_at",
    "reason",
)


@dataclass
class RehearsedLetter:
    """Name one letter: to whom, of which kind, and each follow-up in it with deadline and reason.

    `owner_id` is empty where it goes to somebody else than an owner of follow-ups; `message_id` is the one
    that the letter will have.
    """

    owner_id: str
    recipient: str
    follow_ups: list[dict[str, Any]]
    kind: str = "assignment"
    message_id: str = ""
    subject: str = ""


@dataclass
class Rehearsal:
    """Hold what would happen: letters that would go out, those promised already, what is withheld and why.

    `withheld` counts follow-ups by reason; `faults` say what would fail. `held_back` is a sentence where the
    build did not pass its checks: then only reminders go out whatever stands in `letters`.
    """

    now: datetime
    build_id: str | None
    letters: list[RehearsedLetter] = field(default_factory=list)
    promised: list[RehearsedLetter] = field(default_factory=list)
    withheld: dict[str, int] = field(default_factory=dict)
    held_back: str = ""
    faults: list[str] = field(default_factory=list)

    def sort(self, due: list[dict[str, Any]], promised: set[str]) -> None:
        """Put follow-ups into letters: those that are new, and those that the ledger holds already."""
        self.letters = _letters([facts for facts in due if facts["follow_up_key"] not in promised])
        self.promised = _letters([facts for facts in due if facts["follow_up_key"] in promised])

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data; times are still datetimes."""
        return asdict(self)


def rehearse(
    settings: Settings,
    now: datetime,
    *,
    programme: Path | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Rehearsal:
    """Tell which letters a run would send with today's marts; raises HeardbackError without any.

    With another programme folder, or a first and last day (ISO, inclusive), tell instead what these rules
    ask for over the period, whatever the ledger holds.
    """
    if programme or first or last:
        return _over_a_period(settings, now, programme or settings.programme_folder, first, last)
    home = settings.home_folder
    if not (home / "warehouse.duckdb").exists():
        raise HeardbackError(
            f"There are no marts in {home} yet: run `heardback collect` and `heardback transform`."
        )
    from flows.played import played  # it brings Prefect along, which takes seconds

    build_id, due = current_build(home), due_follow_ups(home)
    with looked_at(settings.ledger_address) as book:
        promised = ledger.promised_keys(book) if book else set()
        held_back = _held_back(book, build_id)
        found, faults = played(settings, now, book)
        letters = [_played(one, {facts["follow_up_key"]: facts for facts in due}, book) for one in found]
    rehearsal = Rehearsal(
        now, build_id, letters, withheld=withheld_counts(home), held_back=held_back, faults=faults
    )
    rehearsal.promised = _letters([facts for facts in due if facts["follow_up_key"] in promised])
    return rehearsal


def _played(one: Played, due: dict[str, dict[str, Any]], book: ledger.Ledger | None) -> RehearsedLetter:
    """Describe a letter with what is due, or was promised before, in it."""
    held = {key: ledger.find_assignment(book, key) for key in one.keys if book and key not in due}
    told = [
        due.get(key) or {**((held.get(key) or {}).get("facts") or {}), "follow_up_key": key}
        for key in one.keys
    ]
    letter = one.letter
    return RehearsedLetter(
        owner_id=one.owner_id if letter.kind in ("assignment", "reminder") else "",
        recipient=letter.recipient,
        follow_ups=[{name: facts.get(name) for name in _SHOWN} for facts in sorted(told, key=_urgency)],
        kind=letter.kind,
        message_id=letter.message_id,
        subject=one.subject,
    )


def _over_a_period(
    settings: Settings, now: datetime, folder: Path, first: str | None, last: str | None
) -> Rehearsal:
    from flows.hindsight import home_as_of, period_of  # it brings dbt along, which takes seconds

    period = period_of(settings, now, first, last)
    with looked_at(settings.ledger_address) as book:
        promised = ledger.promised_keys(book) if book else set()
    with home_as_of(settings, folder.expanduser().resolve(), period) as home:
        due = [facts for facts in due_follow_ups(home) if period.holds(facts["submitted_at"])]
        withheld = {reason: n for reason, n in withheld_counts(home).items() if reason != "too_old"}
        rehearsal = Rehearsal(period.ends, current_build(home), withheld=withheld)
    rehearsal.sort(due, promised)
    return rehearsal


def _held_back(book: ledger.Ledger | None, build_id: str | None) -> str:
    """Give the gate's sentence; a build that nobody checked yet is rehearsed all the same."""
    if build_id is None:
        return "There is no finished build; run `heardback transform`."
    if book is None:
        return ""
    try:
        ledger.require_passed(book, build_id)
    except Withheld as withheld:
        return "" if "was not checked yet" in str(withheld) else str(withheld)
    return ""


def _letters(due: list[dict[str, Any]]) -> list[RehearsedLetter]:
    """Put follow-ups into one letter per owner, the most urgent first."""
    by_owner: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for facts in due:
        by_owner[str(facts["owner_id"])].append(facts)
    return [
        RehearsedLetter(
            owner_id=owner_id,
            recipient=_recipient(own[0]),
            follow_ups=[{name: facts.get(name) for name in _SHOWN} for facts in sorted(own, key=_urgency)],
        )
        for owner_id, own in sorted(by_owner.items())
    ]


def _recipient(facts: dict[str, Any]) -> str:
    owner, team = facts.get("owner") or {}, facts.get("team") or {}
    return str(owner.get("email") or team.get("email") or "")


def _urgency(facts: dict[str, Any]) -> tuple[str, str]:
    return str(facts.get("due_at") or ""), str(facts["follow_up_key"])
