"""Quick fixes: what a team can mend by itself, taken with one press from the team's digest.

The link is an owner's, like that of a follow-up. Who comes first has it; the others see who.
"""

from __future__ import annotations

import logging
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from flows import ledger
from flows.desk import choices
from flows.desk.actions import press
from flows.desk.entry import to_lists
from flows.desk.forms import LONGEST_NOTE, Form, Refused, form_state, form_token
from flows.desk.lists import eye_of
from flows.desk.office import Office
from flows.desk.rendering import page
from flows.desk.words import refusal, status_name, taken_note
from flows.ledger import OPEN
from flows.mail.cleaning import one_line
from flows.mail.links import Ticket

PREFIX = "quick_fix/"
FITTING = ("acknowledge", "resolve", "decline")
Row = dict[str, Any]
_log = logging.getLogger("heardback.desk")


def is_quick_fix(office: Office, token: str) -> bool:
    """Tell whether a link is one of a quick fix."""
    ticket = office.links.ticket(token)
    return ticket is not None and ticket.key.startswith(PREFIX)


def show_quick_fix(office: Office, token: str, noted: str = "") -> Response:
    """Show one quick fix; nothing is written."""
    ticket = _ticket(office, token)
    return _page(office, token, ticket, noted=noted)


def press_quick_fix(office: Office, token: str, form: Form) -> Response:
    """Take a quick fix, say that it is done, or give it back; each once."""
    ticket = _ticket(office, token)
    state = form_state(office.links, token, form.values.get("token", ""))
    directory = ledger.read_directory(office.book)
    action = form.line("action", 40)
    try:
        if action not in FITTING:
            raise Refused(422, "no_action")
        if action == "acknowledge":
            _take(office, ticket, state, directory)
        else:
            press(office, _own(office, ticket), form, state, directory)
    except Refused as refused:
        return _page(office, token, ticket, refused=refused)
    return RedirectResponse(f"{office.prefix}/a/{token}?noted={action}", 303)


def facts_of(directory: choices.Directory, pain_point_id: str, owner_id: str) -> Row | None:
    """Give what the ledger keeps of a quick fix; None where no such pain point is known."""
    known = (row for row in directory.get("pain_points", []) if row["pain_point_id"] == pain_point_id)
    pain = next(known, None)
    if pain is None:
        return None
    owner = choices.owner_row(directory, owner_id)
    team = choices.team_row(directory, owner.get("team_id"))
    themes = {row["theme_id"]: row.get("name") for row in directory.get("themes", [])}
    places = {row["touchpoint_id"]: row.get("name") for row in directory.get("touchpoints", [])}
    journeys = {row["journey_id"]: row.get("name") for row in directory.get("journeys", [])}
    return {
        **pain,
        "follow_up_key": f"{PREFIX}{pain_point_id}",
        "team_id": owner.get("team_id") or "",
        "theme_name": themes.get(pain["theme_id"]),
        "touchpoint_name": places.get(pain["touchpoint_id"]),
        "journey_name": journeys.get(pain["journey_id"]),
        # Lists head a row with who waits; here that is the matter itself.
        "customer": {"name": themes.get(pain["theme_id"])},
        "owner": {"id": owner_id, **{name: owner.get(name) for name in ("name", "email", "language")}},
        "team": {"id": owner.get("team_id"), "name": team.get("name"), "email": team.get("email")},
    }


def _ticket(office: Office, token: str) -> Ticket:
    ticket = office.links.ticket(token)
    if ticket is None:
        raise Refused(404, "unknown_link")
    if office.links.is_expired(ticket, office.clock()):
        raise Refused(410, "list_expired")
    return ticket


def _take(office: Office, ticket: Ticket, state: int | str, directory: choices.Directory) -> None:
    pain_point_id = ticket.key.removeprefix(PREFIX)
    facts = facts_of(directory, pain_point_id, ticket.owner_id)
    if facts is None:
        raise Refused(410, "unknown_link")
    with office.book.writing() as connection:
        if ledger.last_event_of(connection, ticket.key) != state:
            raise Refused(409, "stale")
        if not ledger.take_quick_fix(connection, pain_point_id, ticket.owner_id, facts, office.clock()):
            raise Refused(409, "misfit")
    _log.info("quick_fix=%s event=acknowledged by=%s", pain_point_id, ticket.owner_id)


def _own(office: Office, ticket: Ticket) -> Ticket:
    """Give the ticket as the quick fix stands: whoever has it may speak of it, however it came to them."""
    standing = ledger.find_assignment(office.book, ticket.key) or {}
    handovers = int((standing.get("facts") or {}).get("handovers") or 0)
    return Ticket(ticket.key, ticket.owner_id, handovers, ticket.issued_at)


def _page(
    office: Office, token: str, ticket: Ticket, noted: str = "", refused: Refused | None = None
) -> HTMLResponse:
    directory = ledger.read_directory(office.book)
    standing = ledger.find_assignment(office.book, ticket.key)
    facts = facts_of(directory, ticket.key.removeprefix(PREFIX), ticket.owner_id)
    facts = facts or dict((standing or {}).get("facts") or {})
    if not facts:
        raise Refused(410, "unknown_link")
    eye = eye_of(office, ticket, directory)
    status = standing["status"] if standing else ""
    history = ledger.history_of(office.book, [ticket.key])[ticket.key]
    is_mine = standing is not None and standing["owner_id"] == ticket.owner_id
    place = facts.get("touchpoint_name") or facts.get("journey_name") or ""
    return page(
        office,
        "quick_fix",
        eye,
        refused.status if refused else 200,
        theme=one_line(facts.get("theme_name") or eye.translate("without a theme")),
        place=one_line(place),
        state=status_name(status, eye.translate) if status else "",
        who=choices.name_of(directory, standing["owner_id"]) if standing and not is_mine else "",
        can_take=status not in OPEN,
        is_mine=is_mine and status in OPEN,
        noted=taken_note(noted, eye.translate),
        refusal=refusal(refused.word, eye.translate) if refused else "",
        wrong=refused.field if refused else "",
        token=form_token(office.links, token, history[-1]["event_id"] if history else 0),
        causes=choices.root_causes(directory, eye.language),
        longest=LONGEST_NOTE,
        lists=to_lists(office, ticket),
    )
