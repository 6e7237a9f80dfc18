"""One record of either model: its envelope, or why it cannot be understood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, in_any_order, object_of
from flows.surveys.zendesk.people import People

# What stands in `user` and `ticket` was looked up; the rest is the record's own.
DEFAULTS = {
    "customer_id": ("{user.external_id}", "{requester_id}", "{responder_id}"),
    "account_id": ("{user.organization_id}",),
    "email": ("{user.email}",),
    "language": ("{user.locale}",),
    "channel": ("{ticket.via.channel}",),
}
RATINGS = "satisfaction_ratings"
_UTC = ZoneInfo("UTC")
Found = dict[str, Any]


def read_all(
    raws: Iterable[bytes], survey_id: str | None, people: People
) -> tuple[list[tuple[bytes, Found]], list[Reject]]:
    """Take records apart and put beside each its user and ticket; what cannot be taken apart is rejected.

    `survey_id` is where rejects belong, None where only the record itself could say.
    """
    taken: list[tuple[bytes, Found]] = []
    rejects: list[Reject] = []
    for raw in raws:
        try:
            taken.append((raw, object_of(raw)))
        except Unfit as unfit:
            rejects.append(Reject(survey_id or "unknown", str(unfit), raw))
    users = people.users(_person(item) for _, item in taken)
    tickets = people.tickets(ticket_of(item) for _, item in taken)
    for _, item in taken:
        item["user"] = users.get(text_of(_person(item)) or "")
        item["ticket"] = tickets.get(ticket_of(item) or "")
    return taken, rejects


def _person(item: Found) -> object:
    return item.get("requester_id") or item.get("responder_id")


def ticket_of(item: Found) -> str | None:
    """Name the ticket that a record is about."""
    if ticket := text_of(item.get("ticket_id")):
        return ticket
    subjects = item.get("subjects")
    for subject in subjects if isinstance(subjects, list) else ():
        if member(subject, "type") == "ticket":
            return text_of(member(subject, "id"))
    return None


def rating(raw: bytes, item: Found, envelope: Envelope) -> Response | Reject | None:
    """Make a response of a rating, None where none was given yet.

    A customer who rates a ticket anew makes another record: the response is known by its ticket, and the
    records are its versions.
    """
    if item.get("score") not in ("good", "bad"):
        return None
    response_id = text_of(item.get("ticket_id")) or text_of(item.get("id"))
    if response_id is None:
        return Reject(RATINGS, "it has neither ticket_id nor id", raw)
    try:
        filled = {"submitted_at": moment_of(item, "created_at", "updated_at"), **envelope.fill(item)}
    except Unfit as unfit:
        return Reject(RATINGS, str(unfit), raw, response_id)
    told = {name: value for name, value in item.items() if name not in ("url", "user", "ticket")}
    return Response(RATINGS, response_id, raw, hash_of((told, filled)), **filled)


def survey_of(item: Found) -> str | None:
    """Name the survey that was answered; older records name it otherwise."""
    return text_of(member(item, "survey.id")) or text_of(item.get("survey_id"))


def answered(raw: bytes, item: Found, envelope: Envelope) -> Response | Reject | None:
    """Make a response of what was answered to a survey, None where nothing was answered yet.

    It was submitted when the first of its answers was given: the record itself has no time.
    """
    survey_id, response_id = survey_of(item), text_of(item.get("id"))
    if survey_id is None or response_id is None:
        return Reject(survey_id or "unknown", "it has no id, or names no survey", raw, response_id)
    answers = item.get("answers")
    given = [one for one in answers if isinstance(one, dict)] if isinstance(answers, list) else []
    if not given:
        return None
    try:
        times = [time for one in given if (time := moment_of(one, "created_at", "updated_at"))]
        filled = {"submitted_at": min(times, default=None), **envelope.fill(item)}
    except Unfit as unfit:
        return Reject(survey_id, str(unfit), raw, response_id)
    told = {name: item.get(name) for name in ("responder_id", "subject_zrns")}
    return Response(survey_id, response_id, raw, hash_of((told, in_any_order(given), filled)), **filled)


def moment_of(item: Found, *names: str) -> datetime | None:
    """Give the first of these times that is told, in UTC; raises Unfit for one that is none."""
    for name in names:
        if text := text_of(item.get(name)):
            try:
                return moment(text, None, _UTC)
            except Unfit:
                fault = f"{name} is no time as ISO 8601 writes it"
            raise Unfit(fault)
    return None
