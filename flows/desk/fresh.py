"""A fresh link for one that has expired: a letter to the owner's own address, at most one an hour."""

from __future__ import annotations

from flows import ledger
from flows.desk.entry import require_own
from flows.desk.forms import Refused
from flows.desk.office import Office
from flows.mail.letters import assignment_letter
from flows.mail.links import Ticket

HOUR = 3600


def send_fresh(office: Office, ticket: Ticket) -> None:
    """Queue the letter with a fresh link; raises Refused when one is on its way already.

    It rests on the ledger alone and waits in the outbox for the next sending.
    """
    now = office.clock()
    with office.book.writing() as connection:
        assignment = ledger.assignment_within(connection, ticket.key)
        require_own(ticket, assignment)
        facts = {**((assignment or {})["facts"] or {}), "follow_up_key": ticket.key}
        hour = int(now.timestamp()) // HOUR
        try:
            letter = assignment_letter([facts], office.sender, now, f"fresh link {hour}", kind="reminder")
        except ValueError:
            raise Refused(409, "unreachable") from None
        if ledger.letter_exists(connection, letter.message_id):
            raise Refused(429, "on_its_way")
        ledger.queue_letter(connection, letter, now)
