"""One response of Qualtrics, a line of an export: its envelope, or why it cannot be understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.languages import first_language
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, object_of

# Embedded data stand among the answers, under the names that people gave them.
DEFAULTS = {
    "customer_id": (
        "{values.customer_id}",
        "{values.customer}",
        "{values.externalDataReference}",
        "{values.externalReference}",
    ),
    "account_id": ("{values.account_id}", "{values.account}"),
    "email": ("{values.recipientEmail}", "{values.email}", "{values.mail}"),
}
# The codes of previews, tests and spam are not in the documentation, but widely told; their labels are.
_UNREAL = {"1", "2", "8", "9", "12", "17"}
_UNREAL_LABEL = re.compile(r"preview|test|spam", re.IGNORECASE)
# Where and how somebody answered, how long it took, in which order choices stood: not what was said.
_VOLATILE = re.compile(
    r"ipAddress|duration|progress|locationLatitude|locationLongitude|_?lastModifiedDate|.*_DO(_[0-9]+)?",
    re.IGNORECASE,
)
_UTC = ZoneInfo("UTC")


def read_item(raw: bytes, survey_id: str, envelope: Envelope, *, is_open: bool) -> Response | Reject:
    """Read one response of an export, of open ones or of recorded ones; else give a Reject with its bytes."""
    try:
        item = object_of(raw)
    except Unfit as unfit:
        return Reject(survey_id, str(unfit), raw)
    response_id = text_of(item.get("responseId"))
    if response_id is None:
        return Reject(survey_id, "it has no responseId", raw)
    if not isinstance(item.get("values"), dict):
        return Reject(survey_id, "it has no values", raw, response_id)
    if _is_unreal(item):
        reason = "it is marked as a preview, a test or spam, so no customer gave it"
        return Reject(survey_id, reason, raw, response_id, level="response")
    try:
        return _response(raw, item, survey_id, response_id, envelope, is_open)
    except Unfit as unfit:
        return Reject(survey_id, str(unfit), raw, response_id)
    except RecursionError:
        return Reject(survey_id, "it is nested too deeply", raw, response_id)


def _response(
    raw: bytes, item: dict[str, Any], survey_id: str, response_id: str, envelope: Envelope, is_open: bool
) -> Response:
    values = item["values"]
    is_recorded = not is_open or "recordedDate" in values  # a cache may mix up two exports
    is_complete = is_recorded and text_of(values.get("finished")) in ("1", "true")
    filled = {"submitted_at": _at(values, is_complete), **envelope.fill(item)}
    if "language" not in filled:
        filled["language"] = first_language(values.get("language"), values.get("userLanguage"))
    lasting = {name: value for name, value in values.items() if not _VOLATILE.fullmatch(name)}
    said = (lasting, item.get("labels"), is_complete, filled)
    content_hash = hash_of(said)
    return Response(survey_id, response_id, raw, content_hash, is_complete=is_complete, **filled)


def _at(values: dict[str, Any], is_complete: bool) -> datetime | None:
    """Give when it was recorded; of one that nobody finished, when the person stopped, or else began.

    An unfinished one is recorded when the survey gives up waiting, days after the person left.
    """
    names = ("recordedDate", "endDate") if is_complete else ("endDate", "startDate", "recordedDate")
    for name in names:
        text = text_of(values.get(name))
        if text is None:
            continue
        try:
            return moment(text, None, _UTC)
        except Unfit:
            fault = f"{name} is no time as ISO 8601 writes it"
        raise Unfit(fault)
    return None


def _is_unreal(item: dict[str, Any]) -> bool:
    label = text_of(member(item, "labels.status")) or ""
    return text_of(item["values"].get("status")) in _UNREAL or bool(_UNREAL_LABEL.search(label))


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find `values.NAME` and `labels.NAME`, whatever signs NAME holds; `embedded.NAME` is a value too."""
    first, _, rest = name.partition(".")
    part = "values" if first in ("embedded", "hidden") else first

    def found(item: dict[str, Any]) -> object:
        inner = item.get(part)
        return inner.get(rest) if rest and isinstance(inner, dict) else member(item, name)

    return found
