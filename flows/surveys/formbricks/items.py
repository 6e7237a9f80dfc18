"""One response of Formbricks: its envelope, or why it cannot be understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.languages import first_language
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, object_of

# Hidden fields stand among the answers. Older servers say person where newer ones say contact.
DEFAULTS = {
    "customer_id": (
        "{data.customer_id}",
        "{data.customer}",
        "{contactAttributes.userId}",
        "{personAttributes.userId}",
        "{contact.userId}",
        "{person.userId}",
        "{contactId}",
        "{contact.id}",
        "{personId}",
        "{person.id}",
    ),
    "account_id": ("{data.account_id}", "{data.account}", "{contactAttributes.account_id}"),
    "email": ("{data.email}", "{data.mail}", "{contactAttributes.email}", "{personAttributes.email}"),
}
# What a person said and who it was; not how long it took, by which device, or when it was last touched.
_SAID = ("data", "variables", "contactAttributes", "personAttributes")
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Item:
    """Carry what was made of one item, with what paging needs of it: its id and its last change."""

    record: Response | Reject
    response_id: str | None = None
    changed: datetime | None = None


def read_item(raw: bytes, survey_id: str, envelope: Envelope) -> Item:
    """Read an item of a list of responses; what cannot be understood becomes a Reject with its bytes."""
    try:
        item = object_of(raw)
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw))
    response_id = text_of(item.get("id"))
    if response_id is None:
        return Item(Reject(survey_id, "it has no id", raw))
    changed = None
    try:
        changed = _time(item, "updatedAt")
        made = _response(raw, item, survey_id, response_id, changed, envelope)
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw, response_id), response_id, changed)
    except RecursionError:
        return Item(Reject(survey_id, "it is nested too deeply", raw, response_id), response_id, changed)
    return Item(made, response_id, changed)


def _response(
    raw: bytes,
    item: dict[str, Any],
    survey_id: str,
    response_id: str,
    changed: datetime | None,
    envelope: Envelope,
) -> Response:
    is_complete = item.get("finished") is True or text_of(item.get("finished")) == "true"
    filled = {"submitted_at": changed or _time(item, "createdAt"), **envelope.fill(item)}
    if "language" not in filled:
        filled["language"] = first_language(member(item, "data.language"), item.get("language"))
    said = [item.get(name) for name in _SAID]
    content_hash = hash_of((said, is_complete, filled))
    return Response(survey_id, response_id, raw, content_hash, is_complete=is_complete, **filled)


def _time(item: dict[str, Any], name: str) -> datetime | None:
    text = text_of(item.get(name))
    if text is None:
        return None
    try:
        return moment(text, None, _UTC)
    except Unfit:
        fault = f"{name} is no time as ISO 8601 writes it"
    raise Unfit(fault)


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find a dotted name in items; a hidden field is found as `data.NAME` and as `hidden.NAME`."""
    first, _, rest = name.partition(".")
    wanted = f"data.{rest}" if first == "hidden" else name
    return lambda item: member(item, wanted)
