"""The customer's side of the desk: is it solved, yes or not yet; and no more letters.

Not yet reopens the follow-up, tells its owner, and makes a response of what the customer writes. Nothing of
the customer is shown: a letter may be passed on.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from flows import ledger
from flows.desk.forms import LONGEST_NOTE, Refused, form_state, form_token, read_form
from flows.desk.office import Office
from flows.desk.rendering import Eye, page
from flows.desk.told import SOURCE, SURVEY
from flows.ledger import Connection, EventRefused, Recorded, Said
from flows.mail.customers import UNSUBSCRIBE
from flows.mail.languages import has_catalogue
from flows.mail.letters import again_letter
from flows.mail.links import Ending, Question

CUSTOMER = "customer"
Row = dict[str, Any]
_log = logging.getLogger("heardback.desk")


def show_question(request: Request, token: str) -> Response:
    """Ask whether it is solved; nothing is written."""
    office: Office = request.app.state.office
    question, assignment, history = _asked(office, token)
    is_open = _is_asked(question, assignment, history)
    noted = request.query_params.get("noted", "")
    return page(
        office,
        "customer",
        _eye(office, assignment),
        noted=noted if noted in ("yes", "not_yet") else "",
        is_open=is_open and not noted,
        asked=request.query_params.get("do", ""),
        token=form_token(office.links, token, history[-1]["event_id"] if history else 0),
        longest=LONGEST_NOTE,
    )


def press_question(request: Request, token: str) -> Response:
    """Note the customer's answer, once."""
    office: Office = request.app.state.office
    form = read_form(request.scope, request.headers.get("content-type", ""))
    question, _, _ = _asked(office, token)
    state = form_state(office.links, token, form.values.get("token", ""))
    action, words = form.line("action", 40), form.text("note")
    if action not in ("yes", "not_yet"):
        raise Refused(422, "no_action")
    with office.book.writing() as connection:
        [(assignment, history)] = ledger.standing(connection, [question.key]) or [({}, [])]
        if not _is_asked(question, assignment, history) or history[-1]["event_id"] != state:
            raise Refused(409, "stale")
        event = "satisfied" if action == "yes" else "reopened"
        said = Said(question.key, event, CUSTOMER, office.clock(), words)
        try:
            done = ledger.write_event(connection, said)
        except EventRefused:
            raise Refused(409, "stale") from None
        if action == "not_yet" and done.is_new:
            _go_on(connection, office, assignment, done, words or "")
    _log.info("follow_up=%s event=%s by=customer", question.key, event)
    return RedirectResponse(f"{office.prefix}/c/{token}?noted={action}", 303)


def show_unsubscribe(request: Request, token: str) -> Response:
    """Offer the button that ends letters; nothing is written."""
    office: Office = request.app.state.office
    named = _ending(office, token)
    return page(office, "unsubscribe", Eye(named.language, office.sender.timezone), is_done=False)


def press_unsubscribe(request: Request, token: str) -> Response:
    """End letters for good; pressed again it changes nothing. The signed address is its own token."""
    office: Office = request.app.state.office
    named = _ending(office, token)
    ledger.prefer(
        office.book, named.customer_key, named.purpose, allowed=False, at=office.clock(), source=UNSUBSCRIBE
    )
    return page(office, "unsubscribe", Eye(named.language, office.sender.timezone), is_done=True)


def _ending(office: Office, token: str) -> Ending:
    named = office.links.unsubscribing(token)
    if named is None:
        raise Refused(404, "unknown_link")
    return named


def _asked(office: Office, token: str) -> tuple[Question, Row, list[Row]]:
    """Give what a customer's link asks about; raises Refused (4xx)."""
    question = office.links.question(token, office.clock())
    assignment = ledger.find_assignment(office.book, question.key) if question else None
    if question is None or assignment is None:
        raise Refused(404, "unknown_link")
    return question, assignment, ledger.history_of(office.book, [question.key])[question.key]


def _is_asked(question: Question, assignment: Row, history: list[Row]) -> bool:
    """Tell whether the question is still open: in this life of the follow-up, after it was resolved."""
    return bool(history) and (
        assignment["status"] in ("resolved", "closed") and ledger.lives(history) == question.life
    )


def _eye(office: Office, assignment: Row) -> Eye:
    facts = assignment["facts"] or {}
    language = str(facts.get("language") or "")
    return Eye(language if has_catalogue(language) else office.sender.language, office.sender.timezone)


def _go_on(connection: Connection, office: Office, assignment: Row, done: Recorded, words: str) -> None:
    """Tell the owner, and let what the customer wrote become a response."""
    key = assignment["assignment_key"]
    facts = {**(assignment["facts"] or {}), "follow_up_key": key}
    with suppress(ValueError):  # an owner without an address sees it in the list
        letter = again_letter(facts, words, office.sender, done.at, f"event {done.event_id}")
        ledger.queue_letter(connection, letter, done.at)
    if not words:
        return
    once = hashlib.sha256(f"{key} {done.event_id}".encode()).hexdigest()[:32]
    place = facts.get("touchpoint_id")
    told = {
        "comment": words,
        "touchpoint": None if place in ("none", "all") else place,
        "customer_id": facts.get("customer_id"),
        "channel": "letter",
        "response_id": once,
        "submitted_at": done.at.isoformat(),
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    headers = {"by": CUSTOMER, "form": SURVEY}
    ledger.put_within(connection, SOURCE, body, headers, done.at, f"{SOURCE}/{SURVEY}/{once}")


# The addresses that letters to customers name: what a look answers, and what a press does.
ADDRESSES = {
    "/c/{token}": (show_question, press_question),
    "/u/{token}": (show_unsubscribe, press_unsubscribe),
}
