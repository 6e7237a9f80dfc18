"""Which surveys there are, and what they ask.

A definition is two answers of the tool in one: `definition` with types and selectors of the questions, and
`schema`, which names each value of a response and what it stands for. The list says when a survey last
changed, so both are asked for again only when that moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec

from flows.records import Cursor, Definition, Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.listings import REFUSALS, json_object
from flows.surveys.said import host_of
from flows.surveys.session import Session
from flows.surveys.templates import text_of
from flows.surveys.told import hash_of
from flows.surveys.trouble import Refused

SURVEYS = "/API/v3/surveys"
DEFINITIONS = "/API/v3/survey-definitions"
_MOST_PAGES = 10_000
_KIND = "definition"
# Who owns a survey, whether it is on and when it was touched say nothing about what it asks.
_VOLATILE = ("LastModified", "LastAccessed", "LastActivated", "SurveyStatus", "OwnerID", "CreatorID")


@dataclass(frozen=True, slots=True)
class Listed:
    """Name a survey, and when it last changed as the list says it; None where it was not listed."""

    survey_id: str
    changed: str | None


def surveys_listed(session: Session, host: str) -> list[Listed]:
    """List all surveys the token may read, each once; raises SourceError."""
    found = elements_of(session, host, SURVEYS, {})
    return [Listed(survey_id, text_of(one.get("lastModified"))) for survey_id, one in found.items()]


def elements_of(session: Session, host: str, path: str, params: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Read a list of the tool by id, page after page of this host; raises SourceError."""
    known: dict[str, dict[str, Any]] = {}
    for _ in range(_MOST_PAGES):
        result = session.get(path, params, _result)
        elements = result.get("elements")
        before = len(known)
        for one in elements if isinstance(elements, list) else []:
            if isinstance(one, dict) and (element_id := text_of(one.get("id"))):
                known.setdefault(element_id, one)
        following = urlsplit(text_of(result.get("nextPage")) or "")
        place = following.path.find("/API/")
        # An endless list shows itself by telling nothing new; the token goes to no other host.
        if place < 0 or host_of(following.geturl()) != host or len(known) == before:
            break
        path, params = following.path[place:], dict(parse_qsl(following.query, keep_blank_values=True))
    return known


def definition_page(asked: Asked, session: Session, listed: Listed) -> Iterator[Page]:
    """Give a survey's definition where it may have changed since it was read. Raises Refused, SourceError."""
    survey_id, changed = listed.survey_id, listed.changed
    if changed is not None and asked.cursors.get((survey_id, _KIND)) == changed:
        return
    page = Page()
    quoted = quote(survey_id, safe="")
    definition = session.get(f"{DEFINITIONS}/{quoted}", {}, json_object)
    try:
        schema = session.get(f"{SURVEYS}/{quoted}/response-schema", {}, json_object)
    except Refused as refused:
        if refused.status == 401:
            raise
        schema = b'{"result": null}'  # its questions are known all the same
        page.warnings.append(str(refused))
    try:
        page.definitions.append(_definition(survey_id, definition, schema))
    except (*REFUSALS, KeyError, AttributeError):
        reason = "the survey's definition is none, or holds signs that are no text, such as half an emoji"
        page.rejects.append(Reject(survey_id, reason, definition))
    if changed is not None and not asked.since:
        page.cursors.append(Cursor(survey_id, _KIND, changed))
    yield page


def _definition(survey_id: str, definition: bytes, schema: bytes) -> Definition:
    parts = [
        msgspec.json.decode(body, type=dict[str, msgspec.Raw])["result"] for body in (definition, schema)
    ]
    payload = b'{"definition": %s, "schema": %s}' % tuple(map(bytes, parts))
    known: dict[str, Any] = msgspec.json.decode(payload)
    lasting = {name: value for name, value in known["definition"].items() if name not in _VOLATILE}
    return Definition(survey_id, payload, hash_of((lasting, known["schema"])))


def _result(body: bytes) -> dict[str, Any]:
    try:
        result = msgspec.json.decode(body)["result"]
    except (*REFUSALS, KeyError, TypeError):
        result = None
    if not isinstance(result, dict):
        raise Unreadable("its answer holds no result; is base_url that of the tool's API?")
    return result
