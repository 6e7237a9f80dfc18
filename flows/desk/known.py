"""What else is known of the customer of a follow-up: what they told us before, what else is open for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows import ledger
from flows.desk import choices
from flows.desk.entry import to_follow_up
from flows.desk.office import Office
from flows.desk.rendering import Eye
from flows.desk.words import status_name
from flows.ledger import OPEN
from flows.mail.cleaning import one_line
from flows.mail.links import Ticket
from flows.mail.views import Reader, follow_up

Row = dict[str, Any]
_OTHERS = 20


def before(facts: Mapping[str, Any], reader: Reader) -> list[dict[str, str]]:
    """Show what the customer told us before, where the facts carry it."""
    found = []
    for one in facts.get("before") or []:
        seen = follow_up({"follow_up_key": "", **one}, reader)
        scores = ", ".join(f"{score.metric} {score.value}/{score.high}" for score in seen.scores)
        words = " / ".join(comment.text for comment in seen.comments)
        found.append(
            {"at": seen.answered, "place": seen.place or seen.journey, "scores": scores, "words": words}
        )
    return found


def others(
    office: Office, assignment: Row, ticket: Ticket, eye: Eye, directory: choices.Directory
) -> list[dict[str, Any]]:
    """Show the other follow-ups of this customer: those that are open first; only one's own can be opened."""
    customer = assignment["customer_id"]
    if not customer:
        return []
    rows = ledger.others_of_customer(office.book, customer, assignment["assignment_key"], _OTHERS)
    rows.sort(key=lambda row: row["status"] not in OPEN)
    return [
        {
            "place": _place(row["facts"] or {}),
            "status": status_name(row["status"], eye.translate),
            "is_open": row["status"] in OPEN,
            "since": eye.brief(row["created_at"]),
            "who": choices.name_of(directory, row["owner_id"]),
            "link": to_follow_up(office, row, ticket.issued_at) if row["owner_id"] == ticket.owner_id else "",
        }
        for row in rows
    ]


def _place(facts: Mapping[str, Any]) -> str:
    names = (facts.get("touchpoint_name"), facts.get("journey_name"), facts.get("survey_name"))
    return one_line(next((name for name in names if name), ""))
