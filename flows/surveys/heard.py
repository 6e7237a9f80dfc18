"""What a delivery of a tool says: records that it carries, or which response is to be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.records import Page, Reject, Response, Responses
from flows.surveys.asked import Asked
from flows.surveys.templates import Unfit
from flows.surveys.told import hash_of, object_of


@dataclass(frozen=True, slots=True)
class Named:
    """Name a response of which a delivery says only that it is there; the survey as far as it is told."""

    survey_id: str
    response_id: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Carry what was read of one delivery; neither page nor name where it concerns no response."""

    page: Page = field(default_factory=Page)
    named: Named | None = None


def event_of(body: bytes) -> dict[str, Any] | Heard:
    """Take a delivery in JSON apart; what cannot be is set aside whole."""
    try:
        return object_of(body)
    except Unfit as unfit:
        return unread(body, str(unfit))


def unread(body: bytes, reason: str, survey_id: str = "unknown") -> Heard:
    """Set a delivery aside, with the reason."""
    return Heard(Page(rejects=[Reject(survey_id, f"delivered by webhook: {reason}", body)]))


def carried(record: Response | Reject) -> Heard:
    """Give the one record that a delivery carries."""
    if isinstance(record, Reject):
        return Heard(Page(rejects=[record]))
    return Heard(Page(responses=Responses([record])))


def gone(named: Named, body: bytes) -> Heard:
    """Make the tombstone of a response that the tool says was deleted."""
    content_hash = hash_of((named.response_id, "deleted"))
    made = Response(named.survey_id, named.response_id, body, content_hash, is_deleted=True)
    return carried(made)


def is_wanted(asked: Asked, survey_id: str) -> bool:
    """Tell whether a source reads this survey at all."""
    return asked.source.surveys == "all" or survey_id in asked.source.surveys


def members(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give a member that is an object; an empty one where it is none."""
    inner = event.get(name)
    return inner if isinstance(inner, dict) else {}
