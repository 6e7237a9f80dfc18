"""One response: its envelope, or why it cannot be understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, in_any_order, object_of

# Audience, channel and language of the custom variables are read by SQL, which knows what is one.
DEFAULTS = {
    "customer_id": ("{custom_variables.customer_id}", "{custom_variables.customer}"),
    "account_id": ("{custom_variables.account_id}", "{custom_variables.account}"),
    "email": (
        "{custom_variables.email}",
        "{custom_variables.mail}",
        "{metadata.contact.email.value}",
        "{email_address}",
        "{email}",
    ),
    "language": ("{custom_variables.language}", "{language}"),
}
COMPLETED = "completed"
_PREVIEWS = ("preview", "survey_preview")
# Addresses that differ by region and by who looks say nothing about the answers.
_VOLATILE = ("href", "edit_url", "analyze_url", "date_modified")
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Item:
    """Carry what was made of one item, with the time of its last change, which paging goes by."""

    record: Response | Reject
    at: datetime | None = None


def read_item(raw: bytes, survey_id: str, envelope: Envelope) -> Item:
    """Read an item of a page; what cannot be understood becomes a Reject with its bytes."""
    response_id = None
    try:
        item = object_of(raw)
        response_id = text_of(item.get("id"))
        if response_id is None:
            return Item(Reject(survey_id, "it has no id", raw))
        at = _at(item)
        filled = {"submitted_at": at, **envelope.fill(item)}
        is_complete = item.get("response_status", COMPLETED) == COMPLETED
        is_deleted = item.get("collection_mode") in _PREVIEWS
        content_hash = hash_of((_lasting(item), filled))
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw, response_id))
    except RecursionError:
        return Item(Reject(survey_id, "it is nested too deeply", raw, response_id))
    made = Response(
        survey_id, response_id, raw, content_hash, is_complete=is_complete, is_deleted=is_deleted, **filled
    )
    return Item(made, at)


def _at(item: dict[str, Any]) -> datetime | None:
    """Give when it was finished, or last touched: there is one time for both. Raises Unfit."""
    for name in ("date_modified", "date_created"):
        if (text := text_of(item.get(name))) is None:
            continue
        try:
            return moment(text, None, _UTC)
        except Unfit:
            fault = f"{name} is no time as ISO 8601 writes it"
        raise Unfit(fault)
    return None


def _lasting(item: dict[str, Any]) -> dict[str, Any]:
    """Give what a response says, whichever order its pages, questions and answers came in."""
    kept = {name: value for name, value in item.items() if name not in _VOLATILE}
    return {**kept, "pages": _sorted(item.get("pages"), "questions", "answers")}


def _sorted(parts: Any, *inner: str) -> Any:
    if not isinstance(parts, list):
        return parts
    if inner:
        name, *rest = inner
        parts = [
            {**part, name: _sorted(part.get(name), *rest)} if isinstance(part, dict) else part
            for part in parts
        ]
    return in_any_order(parts)
