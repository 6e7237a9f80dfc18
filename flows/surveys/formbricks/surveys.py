"""Which surveys there are, and what they ask.

The list says when a survey last changed, so a definition is asked for again only when that moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from flows.records import Cursor, Definition, Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.listings import REFUSALS, items_of, json_object
from flows.surveys.session import Session
from flows.surveys.templates import text_of
from flows.surveys.told import hash_of

SURVEYS = "/api/v1/management/surveys"
_SIZE = 50
_MOST_PAGES = 1000
# How a survey looks, whom it is shown to and whether it is on say nothing about what it asks.
_VOLATILE = ("updatedAt", "status", "styling", "segment", "triggers", "displayOption", "recontactDays")
_KIND = "definition"


@dataclass(frozen=True, slots=True)
class Listed:
    """Name a survey, and when it last changed as the list says it; None where it was not listed."""

    survey_id: str
    changed: str | None


def surveys_listed(session: Session) -> list[Listed]:
    """List all surveys the key may read, each once; raises SourceError.

    The list is ordered by last change, so a survey that changes meanwhile may be met twice.
    """
    known: dict[str, Listed] = {}
    for page in range(_MOST_PAGES):
        params = {"limit": str(_SIZE), "offset": str(page * _SIZE)}
        items = session.get(SURVEYS, params, _data)
        before = len(known)
        for one in map(_listed, items):
            if one is not None:
                known.setdefault(one.survey_id, one)
        if len(items) < _SIZE or len(known) == before:  # an endless list shows itself by telling nothing new
            break
    return list(known.values())


def definition_page(asked: Asked, session: Session, listed: Listed) -> Iterator[Page]:
    """Give a survey's definition where it may have changed since it was read. Raises Refused, SourceError."""
    survey_id, changed = listed.survey_id, listed.changed
    if changed is not None and asked.cursors.get((survey_id, _KIND)) == changed:
        return
    body = session.get(f"{SURVEYS}/{quote(survey_id, safe='')}", {}, _inner)
    page = Page()
    try:
        survey: dict[str, Any] = msgspec.json.decode(body)
    except REFUSALS:
        reason = "the survey's definition holds signs that are no text, such as half an emoji"
        page.rejects.append(Reject(survey_id, reason, body))
    else:
        lasting = {name: value for name, value in survey.items() if name not in _VOLATILE}
        content_hash = hash_of(lasting)
        page.definitions.append(Definition(survey_id, body, content_hash))
    if changed is not None and not asked.since:
        page.cursors.append(Cursor(survey_id, _KIND, changed))
    yield page


def _data(body: bytes) -> list[bytes]:
    return items_of(body, "data")


def _inner(body: bytes) -> bytes:
    """Take a survey out of its envelope, as it came; raises Unreadable where there is none."""
    body = json_object(body)
    try:
        inner = bytes(msgspec.json.decode(body, type=dict[str, msgspec.Raw])["data"])
    except KeyError:
        raise Unreadable("its answer is JSON, but no survey") from None
    except REFUSALS:
        return body
    return json_object(inner)


def _listed(item: bytes) -> Listed | None:
    try:
        survey = msgspec.json.decode(item)
    except REFUSALS:  # a title with half an emoji keeps no answer out
        survey = json.loads(item.decode("utf-8", "replace"), strict=False)
    if not isinstance(survey, dict):
        return None
    survey_id = text_of(survey.get("id"))
    return Listed(survey_id, text_of(survey.get("updatedAt"))) if survey_id else None
