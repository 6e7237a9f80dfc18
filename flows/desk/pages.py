"""The page of one follow-up: what happened, what was done about it, and what can be said of it now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.responses import HTMLResponse

from flows import ledger
from flows.desk import choices, deadlines, known
from flows.desk.actions import fitting
from flows.desk.entry import to_lists
from flows.desk.forms import LONGEST_NOTE, form_token
from flows.desk.office import Office
from flows.desk.rendering import Eye, page
from flows.desk.words import event_name, refusal, status_name, taken_note
from flows.ledger import OPEN
from flows.mail.cleaning import body_text, one_line
from flows.mail.links import Ticket
from flows.mail.views import FollowUp, Reader, follow_up

Row = dict[str, Any]
LONGEST_COMMENT = 20_000


def eye_of(office: Office, facts: Mapping[str, Any]) -> Eye:
    """Say for whom the page of a follow-up is made: its owner."""
    owner = facts.get("owner") or {}
    zone = owner.get("timezone") or facts.get("timezone") or office.sender.timezone
    return Eye(owner.get("language") or office.sender.language, zone)


def follow_up_page(
    office: Office,
    token: str,
    ticket: Ticket,
    assignment: Row,
    directory: choices.Directory,
    *,
    asked: str = "",
    noted: str = "",
    refused: tuple[int, str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Make the page; `asked` is the answer a letter's button asks for, `noted` what was just noted.

    `refused` is why a press was not noted (status, word, field); `given` what was filled in then.
    """
    facts, key, now = assignment["facts"] or {}, assignment["assignment_key"], office.clock()
    eye = eye_of(office, facts)
    history = ledger.history_of(office.book, [key])[key]
    due = deadlines.deadline(assignment, history, now, directory)
    reader = eye.reader(ticket.owner_id, now)
    seen = follow_up({**facts, "follow_up_key": key, "due_at": due}, reader)
    return page(
        office,
        "follow_up",
        eye,
        refused[0] if refused else 200,
        one=seen,
        **_customer(facts, seen, reader),
        **_standing(assignment, history, due, now, eye),
        **_answers(assignment["status"], asked, noted, refused, eye),
        given=given or {},
        history=[_happened(row, eye, directory) for row in history],
        others=known.others(office, assignment, ticket, eye, directory),
        token=form_token(office.links, token, history[-1]["event_id"] if history else 0),
        causes=choices.root_causes(directory, eye.language),
        colleagues=choices.colleagues(directory, ticket.owner_id),
        outer_loop=choices.outer_loop(directory, facts),
        longest=LONGEST_NOTE,
        lists=to_lists(office, ticket),
    )


def _customer(facts: Row, seen: FollowUp, reader: Reader) -> Row:
    """Give who waits, what they said now and before, how they are reached, and what the playbook advises."""
    return {
        "title": " · ".join(part for part in (seen.who, seen.place or seen.journey) if part),
        "comments": [_comment(one) for one in facts.get("comments") or [] if (one.get("text") or "").strip()],
        "before": known.before(facts, reader),
        "telephone": quote(seen.phone, safe="+"),
        "mail": quote(seen.email, safe="@"),
        "next_step": _next_step(facts.get("next_step") or {}),
    }


def _standing(assignment: Row, history: list[Row], due: datetime | None, now: datetime, eye: Eye) -> Row:
    """Give how the follow-up stands."""
    is_open = assignment["status"] in OPEN
    return {
        "state": status_name(assignment["status"], eye.translate),
        "is_open": is_open,
        "is_waiting": assignment["status"] == "waiting",
        "is_late": is_open and deadlines.is_late(assignment, history, due, now),
        "was_reached": deadlines.first_contact(history) is not None,
    }


def _answers(status: str, asked: str, noted: str, refused: tuple[int, str, str] | None, eye: Eye) -> Row:
    """Give what can be pressed now, and what became of what was pressed last."""
    can = fitting(status)
    return {
        "can": can,
        "asked": asked if asked in can else "",
        "noted": taken_note(noted, eye.translate),
        "refusal": refusal(refused[1], eye.translate) if refused else "",
        "wrong": refused[2] if refused else "",
    }


def _comment(comment: Mapping[str, Any]) -> dict[str, str]:
    text = body_text(comment["text"]).strip("\n")
    language = one_line(comment.get("language") or "", 40)
    return {
        "text": text[:LONGEST_COMMENT],
        "language": language if language.replace("-", "").isalnum() else "",
    }


def _next_step(step: Mapping[str, Any]) -> dict[str, str]:
    """Give what the playbook says; only addresses of the web become links."""
    url = str(step.get("url") or "")
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_web = False
    words = {name: body_text(step.get(name) or "") for name in ("text", "customer_text")}
    return {**words, "url": one_line(url, 2000) if is_web else ""}


def _happened(row: Row, eye: Eye, directory: choices.Directory) -> dict[str, str]:
    details = row["details"] or {}
    to, raised, cause = details.get("owner_id"), details.get("raised_to"), row["root_cause_id"]
    about = [
        choices.name_of(directory, to) if to and row["event"] in ("assigned", "reassigned") else "",
        choices.cause_name(directory, cause, eye.language) if cause else "",
        _raised(directory, raised) if raised else "",
    ]
    actor = row["actor"]
    return {
        "at": eye.brief(row["at"]),
        "machine_at": row["at"].isoformat(),
        "what": event_name(row["event"], eye.translate),
        "about": ", ".join(part for part in about if part),
        "who": _who(actor, eye, directory),
        "note": body_text(row["note"] or ""),
    }


def _who(actor: str, eye: Eye, directory: choices.Directory) -> str:
    _ = eye.translate
    if actor == "customer":
        return _("the customer")
    return "Heardback" if actor == "heardback" else choices.name_of(directory, actor)


def _raised(directory: choices.Directory, raised: str) -> str:
    named = {row["initiative_id"]: row.get("name") for row in directory.get("initiatives", [])}
    return one_line(named.get(raised) or raised)
