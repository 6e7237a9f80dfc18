"""What a press does: one event, with who and when, in one transaction with whatever goes with it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from flows import ledger
from flows.desk.choices import Directory, outer_loop, owner_row, team_row
from flows.desk.entry import require_own
from flows.desk.forms import Form, Refused
from flows.desk.office import Office
from flows.ledger import Connection, EventRefused, Said
from flows.mail.handing_over import hand_over
from flows.mail.links import Ticket

# What a button says, and the event it means.
EVENTS = {
    "acknowledge": "acknowledged",
    "attempted": "attempted",
    "contacted": "contacted",
    "waiting": "waiting",
    "resumed": "resumed",
    "resolve": "resolved",
    "decline": "declined",
    "hand_over": "reassigned",
    "raise": "raised",
}
_YES = frozenset({"1", "on", "true", "yes"})
_log = logging.getLogger("heardback.desk")


@dataclass(frozen=True, slots=True)
class Press:
    """Hold a press as it was read: the action, and the event it would be."""

    action: str
    said: Said
    told: str | None


def fitting(status: str) -> set[str]:
    """Name the actions that fit the state of a follow-up."""
    return {action for action, event in EVENTS.items() if status in ledger.RULES[event][0]}


def press(office: Office, ticket: Ticket, form: Form, state: int | str, directory: Directory) -> str:
    """Do what a press says and give its action; raises Refused (nothing is written then).

    `state` is the number of the newest event that its page showed: a form counts while nothing else happened.
    """
    with office.book.writing() as connection:
        assignment = ledger.assignment_within(connection, ticket.key)
        require_own(ticket, assignment)
        if ledger.last_event_of(connection, ticket.key) != state:
            raise Refused(409, "stale")
        pressed = read_press(office, ticket, form, dict(assignment or {}), directory)
        if pressed.action not in fitting(str((assignment or {}).get("status"))):
            raise Refused(409, "misfit")
        try:
            _write(connection, office, pressed, directory)
        except EventRefused:
            raise Refused(409, "misfit") from None
    _log.info("follow_up=%s event=%s by=%s", ticket.key, pressed.said.event, ticket.owner_id)
    return pressed.action


def read_press(
    office: Office, ticket: Ticket, form: Form, assignment: dict[str, Any], directory: Directory
) -> Press:
    """Read a press out of a form; raises Refused naming the field that is wrong."""
    action = form.line("action", 40)
    if action not in EVENTS:
        raise Refused(422, "no_action")
    note, told = form.text("note"), form.text("told_customer")
    cause = to = raised = None
    if action == "resolve":
        cause = _cause(form.line("root_cause_id"), directory)
    elif action == "hand_over":
        to = _colleague(form.line("to_owner_id"), ticket, directory)
    elif action == "raise":
        raised = _raised_to(form.line("raise_to"), assignment, directory)
    said = Said(
        ticket.key, EVENTS[action], ticket.owner_id, office.clock(), note, cause, to, raised_to=raised
    )
    return Press(action, said, told if action == "resolve" else None)


def _write(connection: Connection, office: Office, pressed: Press, directory: Directory) -> None:
    said = pressed.said
    if said.event == "reassigned":
        owner = owner_row(directory, said.to_owner or "")
        try:
            done = hand_over(
                connection, said, owner, team_row(directory, owner.get("team_id")), office.sender
            )
        except EventRefused as error:
            raise Refused(422, "unreachable", "to_owner_id") from error
    else:
        done = ledger.write_event(connection, said)
    if not done.is_new:
        raise Refused(409, "misfit")
    if pressed.told:
        note = None if pressed.told.lower() in _YES else pressed.told
        ledger.write_event(connection, Said(said.assignment_key, "told", said.actor, said.at, note))


def _cause(chosen: str, directory: Directory) -> str:
    known = {row["root_cause_id"] for row in directory.get("root_causes", [])} - {None, ""}
    if not chosen:
        raise Refused(422, "no_cause", "root_cause_id")
    if known and chosen not in known:
        raise Refused(422, "unknown_cause", "root_cause_id")
    return chosen


def _colleague(chosen: str, ticket: Ticket, directory: Directory) -> str:
    if not chosen or chosen == ticket.owner_id or not owner_row(directory, chosen):
        raise Refused(422, "no_colleague", "to_owner_id")
    return chosen


def _raised_to(chosen: str, assignment: dict[str, Any], directory: Directory) -> str | None:
    known = {choice.value for choice in outer_loop(directory, assignment["facts"] or {})}
    if chosen and chosen not in known:
        raise Refused(422, "unknown_raise", "raise_to")
    return chosen or None
