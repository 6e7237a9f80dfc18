"""One submission: its envelope, or why it cannot be understood. All its values are texts, or null."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, object_of

CHANGED, SUBMITTED = "hs_lastmodifieddate", "hs_submission_timestamp"
DEFAULTS = {
    "customer_id": ("{properties.hs_contact_id}",),
    "email": ("{properties.hs_contact_email_rollup}",),
    "channel": ("{properties.hs_survey_channel}",),
}
UNNAMED = "none"  # the survey of a submission that names none
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Item:
    """Carry what was made of one submission, with the time of its last change, which paging goes by."""

    record: Response | Reject
    at: datetime | None = None


def read_item(raw: bytes, envelope: Envelope) -> Item:
    """Read a submission; what cannot be understood becomes a Reject with its bytes."""
    survey_id, response_id = UNNAMED, None
    try:
        item = object_of(raw)
        survey_id, response_id = survey_of(item), text_of(item.get("id"))
        if response_id is None:
            return Item(Reject(survey_id, "it has no id", raw))
        at = _moment(item, f"properties.{CHANGED}", "updatedAt")
        submitted_at = _moment(item, f"properties.{SUBMITTED}", "properties.hs_createdate", "createdAt")
        filled = {"submitted_at": submitted_at, **envelope.fill(item)}
        content_hash = hash_of((_lasting(item), filled))
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw, response_id))
    except RecursionError:
        return Item(Reject(survey_id, "it is nested too deeply", raw, response_id))
    return Item(Response(survey_id, response_id, raw, content_hash, **filled), at)


def deleted_item(raw: bytes) -> Response | None:
    """Make a tombstone of a submission that was deleted; None where it does not say which one."""
    try:
        item = object_of(raw)
    except Unfit:
        return None
    response_id = text_of(item.get("id"))
    if response_id is None:
        return None
    content_hash = hash_of((response_id, "deleted"))
    return Response(survey_of(item), response_id, raw, content_hash, is_deleted=True)


def survey_of(item: dict[str, Any]) -> str:
    """Name the survey of a submission."""
    return text_of(member(item, "properties.hs_survey_id")) or UNNAMED


def _lasting(item: dict[str, Any]) -> dict[str, Any]:
    """Give what a submission says: a property that is new to the account and empty here is no change."""
    told = item.get("properties")
    told = told if isinstance(told, dict) else {}
    return {name: value for name, value in told.items() if value not in (None, "") and name != CHANGED}


def _moment(item: dict[str, Any], *names: str) -> datetime | None:
    """Give the first of these times that is told, in UTC, be it ISO 8601 or milliseconds; raises Unfit."""
    for name in names:
        text = text_of(member(item, name))
        if text is None:
            continue
        try:
            if text.isascii() and text.isdigit():
                return datetime.fromtimestamp(int(text) / 1000, UTC)
            return moment(text, None, _UTC)
        except (Unfit, ValueError, OverflowError, OSError):
            fault = f"{name.rpartition('.')[2]} is no time as ISO 8601 writes it"
        raise Unfit(fault)
    return None
