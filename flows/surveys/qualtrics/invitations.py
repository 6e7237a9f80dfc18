"""Whom a survey was sent to and what became of it: Qualtrics' distributions, with their counts.

The list has no cursor, and the counts of old sendings go on growing: all of a survey are read each time, a
hundred a page. A reminder asks nobody anew; what it brought counts at the time of the sending it reminds of.
Thanks are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from flows.records import Invitation, Page, Reject
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of

DISTRIBUTIONS = "/API/v3/distributions"
REMINDER, THANKS = "Reminder", "ThankYou"
_UTC = ZoneInfo("UTC")
# What a sending said of itself stays out: it holds the words of a letter, and addresses.
_KEPT = ("id", "parentDistributionId", "requestType", "requestStatus", "sendDate", "stats")


def invitations_page(survey_id: str, elements: list[Any]) -> Page:
    """Make a page of a survey's sendings; one that does not say when it went out is set aside."""
    page = Page()
    told = [{name: one.get(name) for name in _KEPT} for one in elements if isinstance(one, dict)]
    by_id = {text_of(one["id"]): one for one in told}
    for one in told:
        if one["requestType"] == THANKS or text_of(one["id"]) is None:
            continue
        try:
            made = _invitation(survey_id, one, lambda other: by_id.get(text_of(other)))
        except Unfit as unfit:
            page.rejects.append(Reject(survey_id, str(unfit), msgspec.json.encode(one)))
        else:
            page.invitations.append(made)
    return page


def _invitation(
    survey_id: str, told: dict[str, Any], find: Callable[[object], dict[str, Any] | None]
) -> Invitation:
    is_reminder = told["requestType"] == REMINDER
    first = (find(told["parentDistributionId"]) if is_reminder else None) or told
    counts = (
        0 if is_reminder else _count(told, "sent"),
        _count(told, "started"),
        _count(told, "finished"),
    )
    invited_at = _sent_at(first)
    content_hash = hash_of((invited_at, counts))
    payload = msgspec.json.encode(told)
    return Invitation(survey_id, str(text_of(told["id"])), payload, content_hash, invited_at, *counts)


def _sent_at(told: dict[str, Any]) -> datetime:
    text = text_of(told["sendDate"])
    if text is None:
        raise Unfit("the sending has no sendDate")
    try:
        return moment(text, None, _UTC)
    except Unfit:
        fault = "sendDate is no time as ISO 8601 writes it"
    raise Unfit(fault)


def _count(told: dict[str, Any], name: str) -> int:
    """Read a count; one that is missing counts as none. Raises Unfit for what is no count."""
    text = text_of(member(told, f"stats.{name}")) or "0"
    if not text.isascii() or not text.isdigit():
        raise Unfit(f"the sending's stats.{name} is no count")
    return int(text)
