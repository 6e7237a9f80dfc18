"""What Formbricks delivers: a response as it is now, so that it is read without asking.

A delivery is `{webhookId, event, data}`; `data` is the response, with `contact` where the list tells
`contactId`, and with a little of its survey (Formbricks' documentation of webhooks).
Each change is delivered, and some come late. What changed no later than what was pulled is left out, as the
pull gives how it ended.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.formbricks.items import DEFAULTS, finder, read_item
from flows.surveys.formbricks.walk import KIND, noted
from flows.surveys.heard import Heard, carried, event_of, is_wanted, members, unread
from flows.surveys.listings import REFUSALS
from flows.surveys.templates import text_of

_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])
_EVENTS = ("responseCreated", "responseUpdated", "responseFinished")


def listener(asked: Asked) -> Callable[[bytes], Heard]:
    """Give what reads one delivery; raises SourceError for templates that cannot be used."""
    envelope = Envelope(asked.source, DEFAULTS, finder)
    last: dict[str, datetime] = {}
    pulled = {survey: noted(position) for (survey, kind), position in asked.cursors.items() if kind == KIND}

    def hear(body: bytes) -> Heard:
        event = event_of(body)
        if isinstance(event, Heard):
            return event
        survey_id = text_of(members(event, "data").get("surveyId"))
        if event.get("event") not in _EVENTS:
            return Heard()
        if survey_id is None:
            return unread(body, "it names no survey")
        if not is_wanted(asked, survey_id):
            return Heard()
        try:
            raw = _as_listed(body)
        except REFUSALS:
            return unread(body, "it is no response of Formbricks", survey_id)
        item = read_item(raw, survey_id, envelope)
        if item.response_id and item.changed:
            seen = max(filter(None, (pulled.get(survey_id), last.get(item.response_id))), default=None)
            if seen and item.changed <= seen:
                return Heard()
            last[item.response_id] = item.changed
        return carried(item.record)

    return hear


def _as_listed(body: bytes) -> bytes:
    """Give the response as the list of API v2 tells it."""
    parts = _RAW.decode(_RAW.decode(body)["data"])
    parts.pop("survey", None)
    contact = parts.pop("contact", None)
    if contact is not None and "contactId" not in parts:
        told = msgspec.json.decode(contact)
        parts["contactId"] = msgspec.Raw(msgspec.json.encode(told.get("id") if told else None))
    return msgspec.json.encode(parts)
