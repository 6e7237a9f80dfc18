"""The form "a customer told me …": what a colleague heard becomes a response like any other.

It waits in the ledger's inbox until `collect` moves it to raw.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from starlette.responses import HTMLResponse

from flows import ledger
from flows.desk import SOURCE, SURVEY, choices
from flows.desk.entry import to_lists
from flows.desk.forms import LONGEST_NOTE, Form, Refused, form_token
from flows.desk.lists import eye_of
from flows.desk.office import Office
from flows.desk.rendering import page
from flows.desk.words import refusal
from flows.mail.cleaning import address
from flows.mail.links import Ticket

CHANNELS = ("phone", "in_person", "mail", "chat")


def told_page(
    office: Office,
    token: str,
    ticket: Ticket,
    directory: choices.Directory,
    refused: Refused | None = None,
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Make the empty form, or the one that was refused with what was filled in."""
    eye = eye_of(office, ticket, directory)
    return page(
        office,
        "told",
        eye,
        refused.status if refused else 200,
        refusal=refusal(refused.word, eye.translate) if refused else "",
        wrong=refused.field if refused else "",
        given=given or {},
        places=choices.places(directory),
        token=form_token(office.links, token, secrets.token_hex(16)),
        longest=LONGEST_NOTE,
        lists=to_lists(office, ticket),
        here="told",
    )


def take_told(office: Office, ticket: Ticket, form: Form, once: str, directory: choices.Directory) -> None:
    """Put what a customer told into the inbox, once per form; raises Refused for what is wrong."""
    said = _said(form, ticket, directory)
    now = office.clock()
    told = {**said, "response_id": once, "submitted_at": now.isoformat()}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    headers = {"by": ticket.owner_id, "form": SURVEY}
    if not ledger.put_into_inbox(office.book, SOURCE, body, headers, now, f"{SOURCE}/{SURVEY}/{once}"):
        raise Refused(409, "stale")


def _said(form: Form, ticket: Ticket, directory: choices.Directory) -> dict[str, object]:
    text = form.text("comment")
    if text is None:
        raise Refused(422, "nothing_told", "comment")
    place = form.line("touchpoint_id")
    if place and place not in {one.value for one in choices.places(directory)}:
        raise Refused(422, "unknown_place", "touchpoint_id")
    email = form.line("email", 254)
    if email:
        try:
            email = address(email).addr_spec
        except ValueError:
            raise Refused(422, "wrong_address", "email") from None
    channel = form.line("channel", 40)
    return {
        "comment": text,
        "touchpoint": place or None,
        "customer_id": form.line("customer_id", 200) or None,
        "name": form.line("name", 200) or None,
        "email": email or None,
        "phone": form.line("phone", 60) or None,
        "channel": channel if channel in CHANNELS else None,
        "told_to": ticket.owner_id,
    }
