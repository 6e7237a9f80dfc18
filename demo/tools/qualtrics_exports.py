"""How Qualtrics exports: which wishes it takes, which responses they mean, and how it says no."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from demo.tools.local import Item, Refusal

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
_TAKEN = {
    *("format", "compress", "startDate", "endDate", "sortByLastModifiedDate", "allowContinuation"),
    *("continuationToken", "exportResponsesInProgress", "limit", "filterId", "questionIds"),
    *("embeddedDataIds", "surveyMetadataIds"),
}
_OWN = ("_open", "_changed")


@dataclass(slots=True)
class Job:
    """Carry an export: its file, and how often it answers that it is not ready."""

    survey: str
    file_id: str
    content: bytes
    polls: int
    status: str = "complete"
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """Carry what an export began with and told: each response as it was then."""

    survey: str
    began: datetime
    known: Mapping[str, str]


def told(result: Any) -> Item:
    """Put a result into Qualtrics' envelope."""
    return {"result": result, "meta": {"requestId": "local", "httpStatus": "200 - OK"}}


def refused(status: int, message: str, code: str) -> Refusal:
    """Refuse as Qualtrics does."""
    error = {"errorMessage": message, "errorCode": code}
    meta = {"httpStatus": f"{status} - {_REASONS[status]}", "requestId": "local", "error": error}
    return Refusal(status, {"meta": meta})


def wanted_of(body: bytes) -> Item:
    """Read the wishes of an export in JSON; raises Refusal (400) for what such an export does not take."""
    try:
        wanted: Item = json.loads(body)
    except ValueError:
        raise _invalid("The body is no JSON.") from None
    if wanted.get("format") not in ("json", "ndjson"):
        raise _invalid("Missing or invalid parameter: format.")
    if unknown := [name for name in wanted if name not in _TAKEN]:
        raise _invalid(f"Invalid parameter for this format: {unknown[0]}.")
    if "continuationToken" in wanted and "allowContinuation" in wanted:
        raise _invalid("allowContinuation is not taken together with a token.")
    if "filterId" in wanted and (wanted.keys() & {"allowContinuation", "continuationToken"}):
        raise _invalid("A filter does not go with continuation.")
    for name in ("startDate", "endDate"):
        if name in wanted:
            instant(wanted[name])
    return wanted


def chosen(there: Sequence[Item], wanted: Item, known: Mapping[str, str] | None) -> list[Item]:
    """Choose the responses of an export: from startDate (included) to endDate (not), new to the token."""
    is_open = bool(wanted.get("exportResponsesInProgress"))
    by_change = bool(wanted.get("sortByLastModifiedDate"))
    first, last = (instant(wanted[name]) if name in wanted else None for name in ("startDate", "endDate"))
    found = []
    for item in there:
        at = changed_at(item) if by_change else recorded_at(item)
        if bool(item.get("_open")) != is_open or (first and at < first) or (last and at >= last):
            continue
        if known is not None and known.get(item["responseId"]) == json.dumps(item):
            continue
        found.append(item)
    found.sort(key=changed_at if by_change else recorded_at)
    return [{name: value for name, value in item.items() if name not in _OWN} for item in found]


def recorded_at(item: Item) -> datetime:
    """Tell when a response was recorded; of an open one, when it began."""
    values = item["values"]
    return instant(values.get("recordedDate") or values["startDate"])


def changed_at(item: Item) -> datetime:
    """Tell when a response was last modified: when it was recorded, if never."""
    return instant(item["_changed"]) if "_changed" in item else recorded_at(item)


def instant(text: str) -> datetime:
    """Read a time; one without an offset is UTC. Raises Refusal (400) for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise _invalid(f"{text} is no date.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _invalid(message: str) -> Refusal:
    return refused(400, f"Invalid request. {message}", "EXP_400")
