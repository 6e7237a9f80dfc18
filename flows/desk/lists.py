"""The lists of an owner: my follow-ups, my team's, and those that are late. Persons are never ranked."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse

from flows import ledger
from flows.desk import choices, deadlines
from flows.desk.entry import to_follow_up, to_lists
from flows.desk.office import Office
from flows.desk.rendering import Eye, page
from flows.desk.words import status_name, taken_note
from flows.mail.links import Ticket
from flows.mail.views import follow_up

SHOWS = ("mine", "team", "late")
LONGEST = 200


def eye_of(office: Office, ticket: Ticket, directory: choices.Directory) -> Eye:
    """Say for whom lists are made: the owner the link belongs to."""
    owner = choices.owner_row(directory, ticket.owner_id)
    team = choices.team_row(directory, owner.get("team_id"))
    return Eye(
        owner.get("language") or team.get("language") or office.sender.language,
        owner.get("timezone") or team.get("timezone") or office.sender.timezone,
    )


def list_page(
    office: Office, ticket: Ticket, directory: choices.Directory, show: str, noted: str
) -> HTMLResponse:
    """Make the page of one list: `mine`, `team` or `late` (the team's that went past their deadline)."""
    show = show if show in SHOWS else "mine"
    eye = eye_of(office, ticket, directory)
    rows = [
        _line(office, ticket, row, history, eye, directory) for row, history in _found(office, ticket, show)
    ]
    shown = [row for row in rows if show != "late" or row["is_late"]]
    return page(
        office,
        "list",
        eye,
        rows=shown,
        show=show,
        longest=LONGEST,
        is_cut=len(rows) == LONGEST,
        noted=taken_note(noted, eye.translate),
        lists=to_lists(office, ticket),
        here=show,
    )


def _found(office: Office, ticket: Ticket, show: str) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    team = None if show == "mine" else ledger.team_of(office.book, ticket.owner_id)
    if team is None:
        rows = ledger.open_of_owner(office.book, ticket.owner_id, LONGEST)
    else:
        rows = ledger.open_of_team(office.book, team, LONGEST)
    histories = ledger.history_of(office.book, [row["assignment_key"] for row in rows])
    return [(row, histories[row["assignment_key"]]) for row in rows]


def _line(
    office: Office,
    ticket: Ticket,
    row: dict[str, Any],
    history: list[dict[str, Any]],
    eye: Eye,
    directory: choices.Directory,
) -> dict[str, Any]:
    now = office.clock()
    due = deadlines.deadline(row, history, now, directory)
    reader = eye.reader(ticket.owner_id, now)
    facts = {**(row["facts"] or {}), "follow_up_key": row["assignment_key"], "due_at": due}
    is_own = row["owner_id"] == ticket.owner_id
    return {
        "one": follow_up(facts, reader),
        "status": status_name(row["status"], eye.translate),
        "is_late": deadlines.is_late(row, history, due, now),
        "who": "" if is_own else choices.name_of(directory, row["owner_id"]),
        "link": to_follow_up(office, row, ticket.issued_at) if is_own else "",
    }
