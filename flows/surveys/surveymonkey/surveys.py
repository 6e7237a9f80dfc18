"""Which surveys there are, when each was changed, and what they ask."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from flows.records import Definition
from flows.surveys.listings import REFUSALS, Listed, json_object, listed
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, object_of

_SIZE = 1000
_MOST_PAGES = 1000
# Counts, addresses and the time of the last touch change without anything else being asked.
_VOLATILE = {"response_count", "date_modified", "href"}


def surveys_listed(session: Session) -> dict[str, str | None]:
    """List the ids of all surveys the token may see, with the time each was changed; raises SourceError."""
    known: dict[str, str | None] = {}
    for page in range(1, _MOST_PAGES + 1):
        params = {"page": str(page), "per_page": str(_SIZE), "include": "date_modified"}
        found = session.get("/surveys", params, lambda body: listed(body, "data"))
        told = _changed(found)
        is_new = not told.keys() <= known.keys()  # an endless list shows itself by telling nothing new
        known.update(told)
        if not has_next(found, page, _SIZE) or not is_new:
            break
    return known


def _changed(found: Listed) -> dict[str, str | None]:
    told: dict[str, str | None] = {}
    for raw in found.items:
        try:
            item = object_of(raw)
        except Unfit:  # half an emoji in a title; whatever stands in it, the survey has its id
            item = json.loads(raw.decode("utf-8", "replace"), strict=False)
        if isinstance(item, dict) and (survey_id := text_of(item.get("id"))):
            told[survey_id] = text_of(item.get("date_modified"))
    return told


def has_next(found: Listed, page: int, size: int) -> bool:
    """Tell whether a list goes on behind a page: its links say so, or, where there are none, its total."""
    links = found.beside.get("links")
    if isinstance(links, dict):
        return bool(links.get("next"))
    total = text_of(found.beside.get("total")) or ""
    return total.isdigit() and page * size < int(total)


def definition_of(session: Session, survey_id: str, path: str) -> tuple[Definition, str | None]:
    """Read what a survey asks; give it with what is odd about it, if anything is. Raises SourceError."""
    body = session.get(f"{path}/details", {}, _whole)
    told = msgspec.json.decode(body)
    definition = Definition(survey_id, body, hash_of(_lasting(told)))
    pages = told.get("pages")
    count, come = told.get("page_count"), len(pages) if isinstance(pages, list) else 0
    if isinstance(count, int) and come < count:
        return definition, (
            f"gives {come} of the survey's {count} pages: choices on the others stay known by their ids only"
        )
    return definition, None


def _whole(body: bytes) -> bytes:
    """Give a JSON object as it came; half signs are replaced, as choices need the words around them."""
    body = json_object(body)
    try:
        msgspec.json.decode(body)
    except REFUSALS:
        told = json.loads(body.decode("utf-8", "replace"), strict=False)
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return body


def _lasting(told: Any) -> Any:
    """Leave out, at every depth, what says nothing about what is asked."""
    if isinstance(told, list):
        return [_lasting(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {
        name: _lasting(value)
        for name, value in told.items()
        if name not in _VOLATILE and not name.endswith("_url")
    }
