"""What SurveyMonkey delivers: that a response is there, changed, or was deleted; never what it says.

A delivery is `{event_type, event_id, object_id, resources: {respondent_id, survey_id, …}}`; `respondent_id`
is the response's id (API v3, Webhooks). What the pull does not bring is asked for by id, for a request each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from flows.records import Page
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.heard import Heard, Named, carried, event_of, gone, is_wanted, members, unread
from flows.surveys.listings import json_object
from flows.surveys.patience import Patience
from flows.surveys.surveymonkey import opened
from flows.surveys.surveymonkey.items import DEFAULTS, read_item
from flows.surveys.templates import finder_of_members, text_of
from flows.surveys.trouble import Refused


def listener(asked: Asked) -> Callable[[bytes], Heard]:
    """Give what reads one delivery."""

    def hear(body: bytes) -> Heard:
        event = event_of(body)
        if isinstance(event, Heard):
            return event
        kind = str(event.get("event_type") or "")
        if not kind.startswith("response_"):
            return Heard()
        resources = members(event, "resources")
        survey_id = text_of(resources.get("survey_id"))
        response_id = text_of(resources.get("respondent_id")) or text_of(event.get("object_id"))
        if survey_id is None or response_id is None:
            return unread(body, "it names no survey, or no response", survey_id or "unknown")
        if not is_wanted(asked, survey_id):
            return Heard()
        named = Named(survey_id, response_id)
        return gone(named, body) if kind == "response_deleted" else Heard(named=named)

    return hear


def fetched(
    asked: Asked, wanted: Iterable[Named], patience: Patience | None = None
) -> Iterator[tuple[Named, Page]]:
    """Ask for responses by id; one that is gone gives an empty page. Raises SourceError."""
    envelope = Envelope(asked.source, DEFAULTS, finder_of_members)
    with opened(asked.source, patience) as session:
        for named in wanted:
            survey, response = quote(named.survey_id, safe=""), quote(named.response_id, safe="")
            try:
                raw = session.get(f"/surveys/{survey}/responses/{response}/details", {}, json_object)
            except Refused as refused:
                if refused.status not in (404, 410):
                    raise
                yield named, Page()
            else:
                yield named, carried(read_item(raw, named.survey_id, envelope).record).page
