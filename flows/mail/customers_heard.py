"""What customers write back: that they want no more letters, or words that their owner must see.

Whoever holds the letter may say so, as on the pages that it links to.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows import ledger
from flows.ledger import Ledger, Said
from flows.mail.customers import PURPOSE, UNSUBSCRIBE
from flows.mail.escalating import Office
from flows.mail.letters import again_letter
from flows.mail.replies import Reply

CUSTOMER = "customer"
Row = dict[str, Any]


def ends_by_mail(book: Ledger, reply: Reply, office: Office) -> bool:
    """End the letters that the signed subject of a mail names; False where no subject of ours does."""
    links = office.sender.links
    named = (links.unsubscribing(key) for key in reply.keys) if links is not None else iter(())
    ending = next((one for one in named if one is not None), None)
    if ending is None:
        return False
    _end(book, ending.customer_key, ending.purpose, reply, office)
    return True


def customer_wrote(book: Ledger, row: Row, reply: Reply, office: Office) -> int:
    """Keep what a customer answered to a letter of ours; returns how many events that made.

    One of the words for it alone on the first line ends letters. Whatever else is said goes to the owner, as
    an event and as a letter, once however often the message is read.
    """
    if reply.meaning == UNSUBSCRIBE:
        if whose := ledger.customer_key_of(row):
            _end(book, whose, PURPOSE, reply, office)
        reply = replace(reply, words=reply.note)
    return _tell_owner(book, row, reply, office) if reply.words else 0


def _end(book: Ledger, customer_key: str, purpose: str, reply: Reply, office: Office) -> None:
    at = _not_after(reply, office.now)
    ledger.prefer(book, customer_key, purpose, allowed=False, at=at, source=UNSUBSCRIBE)


def _tell_owner(book: Ledger, row: Row, reply: Reply, office: Office) -> int:
    key, at = row["assignment_key"], _not_after(reply, office.now)
    facts = {**(row["facts"] or {}), "owner_id": row["owner_id"], "team_id": row["team_id"]}
    facts = office.up_to_date({**facts, "follow_up_key": key})
    with book.writing() as connection:
        done = ledger.write_event(
            connection, Said(key, "joined", CUSTOMER, at, reply.words, reply=reply.identity)
        )
        if done.is_new:
            with suppress(ValueError):  # an owner without an address sees it in the list
                occasion = f"event {done.event_id}"
                letter = again_letter(facts, reply.words, office.sender, office.now, occasion, "wrote")
                ledger.queue_letter(connection, letter, office.now)
    return int(done.is_new)


def _not_after(reply: Reply, now: datetime) -> datetime:
    """Give when it was written, unless that lies in the future."""
    return min(reply.sent_at or now, now)
