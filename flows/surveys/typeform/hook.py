"""What Typeform delivers: a completed response as it is, so that it is read without asking.

A delivery is `{event_id, event_type, form_response}`, and `form_response` says what an item of the Responses
API says but for the browser it came from (Webhooks, "Example payload"). Partial ones are left to the pull.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from flows.surveys.asked import Asked
from flows.surveys.heard import Heard, carried, event_of, is_wanted, members, unread
from flows.surveys.listings import REFUSALS
from flows.surveys.templates import text_of
from flows.surveys.typeform.items import COMPLETED, Reader

_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


def listener(asked: Asked) -> Callable[[bytes], Heard]:
    """Give what reads one delivery; raises SourceError for templates that cannot be used."""
    reader = Reader(asked.source)
    # What only the Responses API tells would be missing here, and make a version of its own.
    is_whole = not any(name.partition(".")[0] in ("metadata", "tags") for name in reader.names)

    def hear(body: bytes) -> Heard:
        event = event_of(body)
        if isinstance(event, Heard):
            return event
        form_id = text_of(members(event, "form_response").get("form_id"))
        if event.get("event_type") != "form_response":
            return Heard()
        if form_id is None:
            return unread(body, "it names no form")
        if not is_wanted(asked, form_id) or not is_whole:
            return Heard()
        try:
            parts = _RAW.decode(_RAW.decode(body)["form_response"])
        except REFUSALS:
            return unread(body, "it is no form_response of Typeform", form_id)
        parts.pop("definition", None)  # the form as it asked is read by itself, once
        told = reader.read([msgspec.json.encode(parts)], form_id, COMPLETED)
        return carried(*told.responses, *told.rejects)

    return hear
