"""One item of a list of responses: a response with its envelope, or why it cannot be understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, in_any_order, object_of

# Audience, channel and language of the hidden fields are read by SQL, which knows what is one.
DEFAULTS = {
    "customer_id": ("{hidden.customer_id}", "{hidden.customer}"),
    "account_id": ("{hidden.account_id}", "{hidden.account}"),
    "email": ("{hidden.email}", "{hidden.mail}"),
}
_MIDNIGHT = b'T00:00:00Z"'
COMPLETED, PARTIAL = "completed", "partial"
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Item:
    """Carry what was made of one item, with what paging needs of it."""

    record: Response | Reject
    token: str | None = None
    at: datetime | None = None


def read_item(raw: bytes, survey_id: str, kind: str, envelope: Envelope) -> Item:
    """Read an item of the list of a kind; what cannot be understood becomes a Reject with its bytes."""
    try:
        item = object_of(raw)
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw))
    token = text_of(item.get("token"))
    response_id = text_of(item.get("response_id")) or token
    if response_id is None:
        return Item(Reject(survey_id, "it has neither response_id nor token", raw))
    token = token or response_id
    is_complete = _is_complete(item, kind)
    try:
        at = _at(item, is_complete)
        filled = {"submitted_at": at, **envelope.fill(item)}
        content_hash = _content_hash(item, is_complete, filled, _MIDNIGHT in raw)
    except Unfit as unfit:
        return Item(Reject(survey_id, str(unfit), raw, response_id), token)
    except RecursionError:
        return Item(Reject(survey_id, "it is nested too deeply", raw, response_id), token)
    made = Response(survey_id, response_id, raw, content_hash, is_complete=is_complete, **filled)
    return Item(made, token, at)


def _is_complete(item: dict[str, Any], kind: str) -> bool:
    """Believe the item's own word, else the list it stands in, unless it was plainly submitted."""
    own = item.get("response_type")
    if isinstance(own, str) and own:
        return own == COMPLETED
    if kind == COMPLETED:
        return True
    submitted = item.get("submitted_at")
    return bool(submitted) and not str(submitted).startswith("0001-") and not item.get("staged_at")


def _at(item: dict[str, Any], is_complete: bool) -> datetime | None:
    """Give when it was finished, or last touched; raises Unfit. The year 1 is Typeform's word for never."""
    for name in ("submitted_at",) if is_complete else ("staged_at", "landed_at"):
        text = text_of(item.get(name))
        if text is None or text.startswith("0001-"):
            continue
        try:
            return moment(text, None, _UTC)
        except Unfit:
            fault = f"{name} is no time as ISO 8601 writes it"
        raise Unfit(fault)
    return None


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find a dotted name in items; variables and answers are lists, so `variables.KEY` and `answers.REF`."""
    first, *rest = name.split(".")
    wanted = ".".join(rest)
    is_of_two = len(rest) == 1

    def found(item: dict[str, Any]) -> object:
        part = item.get(first)
        if is_of_two and isinstance(part, dict):  # nearly always
            return part.get(wanted)
        return _listed(part, wanted) if isinstance(part, list) else member(item, name)

    return found


def _listed(found: list[Any], wanted: str) -> object:
    for one in found:
        if isinstance(one, dict) and wanted in (one.get("key"), member(one, "field.ref")):
            value = one.get(one.get("type"))
            return value.get("label") if isinstance(value, dict) else value
    return None


def _content_hash(item: dict[str, Any], is_complete: bool, filled: dict[str, Any], has_midnight: bool) -> str:
    """Hash what the response says: the order of keys and answers is the tool's business, not a change.

    Nor is what only one of its two ways tells, the Responses API or a webhook: browser, tags, empty members.
    """
    find = item.get
    answers = find("answers")
    if isinstance(answers, list):
        if has_midnight:
            answers = [_with_day(one) for one in answers]
        answers = in_any_order(answers) if len(answers) > 1 else answers
    said = (answers or None, find("hidden") or None, find("calculated") or None, find("variables") or None)
    return hash_of((said, is_complete, filled))


def _with_day(answer: Any) -> Any:
    """Write the day that was answered as webhooks do; the Responses API tells it as a time, at midnight."""
    if isinstance(answer, dict) and isinstance(day := answer.get("date"), str):
        return {**answer, "date": day.removesuffix("T00:00:00Z")}
    return answer
