"""Which properties submissions have, and what they are called: HubSpot tells of no surveys."""

from __future__ import annotations

import msgspec

from flows.records import Definition, Page
from flows.surveys.listings import listed
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, in_any_order, object_of

SURVEY = "feedback_submissions"
_PATH = f"/properties/{SURVEY}"
_ENCODER = msgspec.json.Encoder()
_LASTING = ("name", "label", "type", "fieldType", "options")


def properties_page(session: Session) -> tuple[Page, list[str]]:
    """Read the properties; give them as a definition, with their names. Raises SourceError."""
    found = session.get(_PATH, {}, lambda body: listed(body, "results"))
    told = []
    for raw in found.items:
        try:
            told.append(object_of(raw))
        except Unfit:  # a label with half an emoji; its name cannot be read, so it cannot be asked for
            continue
    names = sorted({name for one in told if (name := text_of(one.get("name")))})
    lasting = [{name: one.get(name) for name in _LASTING} for one in told]
    payload = _ENCODER.encode({"results": told})
    return Page(definitions=[Definition(SURVEY, payload, hash_of(in_any_order(lasting)))]), names
