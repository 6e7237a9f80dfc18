"""The life of a follow-up: which event is allowed when, what it leads to, what is only a double click.

Plain rules over plain rows; nothing here touches the database.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flows.records import HeardbackError

OPEN = frozenset({"assigned", "acknowledged", "contacted", "waiting"})
ANY = OPEN | {"resolved", "closed", "declined", "withdrawn"}

# event: (states in which it may happen, the state it leads to; None keeps the present one)
RULES: dict[str, tuple[frozenset[str], str | None]] = {
    "acknowledged": (frozenset({"assigned"}), "acknowledged"),
    "attempted": (OPEN, None),
    "contacted": (frozenset({"assigned", "acknowledged", "waiting"}), "contacted"),
    "waiting": (frozenset({"assigned", "acknowledged", "contacted"}), "waiting"),
    "resumed": (frozenset({"waiting"}), "acknowledged"),
    "resolved": (OPEN, "resolved"),
    "told": (OPEN | {"resolved", "closed"}, None),
    "closed": (frozenset({"resolved"}), "closed"),
    "declined": (OPEN, "declined"),
    "reassigned": (OPEN | {"declined"}, None),
    "reopened": (frozenset({"resolved", "closed", "declined"}), "assigned"),
    "raised": (ANY, None),
    "confirmed": (ANY, None),
    "satisfied": (frozenset({"resolved", "closed"}), None),
    "reminded": (OPEN, None),
    "escalated": (OPEN, None),
    "withdrawn": (OPEN | {"resolved", "declined"}, "withdrawn"),
    "edited": (ANY, None),
    "joined": (ANY, None),
    "question": (ANY, None),
}

# Happens once until reopened; said again it adds nothing.
ONCE = frozenset({"acknowledged", "contacted", "resolved", "told", "closed", "declined", "withdrawn"})
REMARKS = frozenset(
    {"raised", "confirmed", "satisfied", "reminded", "escalated", "edited", "joined", "question"}
)
DOUBLE_CLICK = timedelta(seconds=60)


class EventRefused(HeardbackError):
    """Refuse an event that makes no sense for this assignment now; the sentence says why."""

    exit_status = 2


class UnknownAssignment(EventRefused):
    """Refuse a key that the ledger does not hold; the sentence names the nearest one."""


@dataclass(frozen=True, slots=True)
class Said:
    """Carry what somebody says happened; `at` aware. `new_facts` replace the facts for a new owner.

    `more` stands in the event's details; `reply`, the Message-ID of the answer that says it, as well: the
    same answer read again says nothing new.
    `raised_to` names the pain point or initiative that something is raised to.
    """

    assignment_key: str
    event: str
    actor: str
    at: datetime
    note: str | None = None
    root_cause_id: str | None = None
    to_owner: str | None = None
    to_team: str | None = None
    new_facts: dict[str, Any] | None = None
    more: dict[str, Any] | None = None
    reply: str | None = None
    raised_to: str | None = None


def require_complete(said: Said) -> None:
    """Require that the event is known and says what it must; raises EventRefused."""
    if said.event not in RULES:
        near = difflib.get_close_matches(said.event, RULES, n=1)
        raise EventRefused(
            f"There is no event '{said.event}'." + (f" Did you mean '{near[0]}'?" if near else "")
        )
    if said.event == "resolved" and not said.root_cause_id:
        raise EventRefused("`resolved` names its root cause: add --root-cause ID (see root_causes.csv).")
    if said.event == "reassigned" and not said.to_owner:
        raise EventRefused("`reassigned` names the new owner: add --to OWNER_ID.")


def since_reopened(history: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Give the events of the present life: from the last `reopened` on."""
    last = max((number for number, row in enumerate(history) if row["event"] == "reopened"), default=0)
    return history[last:]


def twin(
    assignment: Mapping[str, Any], life: Sequence[Mapping[str, Any]], said: Said
) -> Mapping[str, Any] | None:
    """Find the event that says this already, or None; raises EventRefused when it says something else."""
    same = [row for row in life if row["event"] == said.event]
    if said.event in REMARKS:
        return same[-1] if same and _remarked(same[-1], said) else None
    if said.event == "reassigned":
        return (same or life)[-1] if said.to_owner == assignment["owner_id"] else None
    if not same:
        return None
    last = same[-1]
    if said.event == "resolved" and said.root_cause_id != last["root_cause_id"]:
        raise EventRefused(
            f"This was resolved already, with root cause '{last['root_cause_id']}'; reopen it first."
        )
    if said.event in ONCE and not (said.event == "acknowledged" and assignment["status"] == "assigned"):
        return last
    if said.event in ("waiting", "reopened") and last is _last_step(life):
        return last
    soon = abs(said.at - last["at"]) < DOUBLE_CLICK
    return last if soon and last is life[-1] and _alike(last, said) else None


def next_status(assignment: Mapping[str, Any], life: Sequence[Mapping[str, Any]], event: str) -> str:
    """Tell the state an event leads to; raises EventRefused, naming what fits, when it does not fit now."""
    status = str(assignment["status"])
    allowed, leads_to = RULES[event]
    if status not in allowed:
        fitting = ", ".join(sorted(name for name, (states, _) in RULES.items() if status in states))
        raise EventRefused(f"'{event}' does not fit: this follow-up is {status}. What fits now: {fitting}.")
    if event == "attempted" and status == "assigned":
        return "acknowledged"
    if event == "resumed" and any(row["event"] == "contacted" for row in life):
        return "contacted"
    if event == "reassigned" and status in ("acknowledged", "declined"):
        return "assigned"
    return leads_to or status


def closes_now(
    assignment: Mapping[str, Any], life: Sequence[Mapping[str, Any]], event: str, status: str
) -> str | None:
    """Say why an event closes the follow-up as well, or None."""
    if status != "resolved" or event not in ("resolved", "told"):
        return None
    if event == "told" or any(row["event"] == "told" for row in life):
        return "the customer was told"
    wish = (assignment["facts"] or {}).get("tell_customer")
    return "the customer is not to be told" if wish in (None, "", "none", "received") else None


def _remarked(row: Mapping[str, Any], said: Said) -> bool:
    """Tell whether a remark says the same again at once; Heardback's own say what they are about."""
    more = {name: (row["details"] or {}).get(name) for name in said.more or {}}
    return abs(said.at - row["at"]) < DOUBLE_CLICK and _alike(row, said) and more == (said.more or {})


def _last_step(life: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return [row for row in life if row["event"] not in REMARKS][-1]


def _alike(row: Mapping[str, Any], said: Said) -> bool:
    return bool(row["actor"] == said.actor and row["note"] == said.note)
