"""Which link opens what: the follow-up of its owner while its time lasts, the owner's lists, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows import ledger
from flows.desk.forms import Refused
from flows.desk.office import Office
from flows.mail.links import Ticket

Row = dict[str, Any]


class Expired(Refused):
    """Refuse a link whose time is over although its owner still has the follow-up: a fresh one may be had."""

    def __init__(self, ticket: Ticket, assignment: Row) -> None:
        super().__init__(410, "expired")
        self.ticket, self.assignment = ticket, assignment


def follow_up_behind(office: Office, token: str) -> tuple[Ticket, Row]:
    """Give what a link opens; raises Refused (4xx) for one that is forged, expired or handed over."""
    ticket = office.links.ticket(token)
    if ticket is None or not ticket.key:
        raise Refused(404, "unknown_link")
    assignment = ledger.find_assignment(office.book, ticket.key)
    require_own(ticket, assignment)
    assert assignment is not None
    if office.links.is_expired(ticket, office.clock()):
        raise Expired(ticket, assignment)
    return ticket, assignment


def require_own(ticket: Ticket, assignment: Mapping[str, Any] | None) -> None:
    """Require that a follow-up is still in the hands the link was made for; raises Refused."""
    if assignment is None:
        raise Refused(404, "unknown_link")
    handovers = int((assignment["facts"] or {}).get("handovers") or 0)
    if (assignment["owner_id"], handovers) != (ticket.owner_id, ticket.handovers):
        raise Refused(410, "handed_over")


def lists_behind(office: Office, token: str) -> Ticket:
    """Give whose lists a link opens; raises Refused."""
    ticket = office.links.ticket(token)
    if ticket is None or ticket.key:
        raise Refused(404, "unknown_link")
    if office.links.is_expired(ticket, office.clock()):
        raise Refused(410, "list_expired")
    return ticket


def to_lists(office: Office, ticket: Ticket) -> str:
    """Give the path of the owner's lists; it lives no longer than the link it was reached by."""
    own = Ticket("", ticket.owner_id, 0, ticket.issued_at)
    return f"{office.prefix}/l/{office.links.token(own)}"


def to_follow_up(office: Office, assignment: Mapping[str, Any], issued_at: datetime) -> str:
    """Give the path of a follow-up for its owner; it lives no longer than the link it was reached by."""
    handovers = int((assignment["facts"] or {}).get("handovers") or 0)
    ticket = Ticket(assignment["assignment_key"], assignment["owner_id"], handovers, issued_at)
    return f"{office.prefix}/a/{office.links.token(ticket)}"
