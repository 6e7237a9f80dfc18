"""What Zendesk delivers: that a survey was answered, or a ticket rated.

Event webhooks are `{type, subject, detail, event, …}`, webhooks of a trigger are what its author wrote, so an
answer's id (a ULID) is looked for under the names it goes by (Zendesk's documentation of webhooks; the names
of the event types are not told there). Whatever names a ticket only needs nothing more: the pull reads all
answers of thirty days and all ratings since the last run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from flows.records import Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.heard import Heard, Named, event_of, members
from flows.surveys.listings import REFUSALS, json_object
from flows.surveys.patience import Patience
from flows.surveys.templates import text_of
from flows.surveys.trouble import Refused
from flows.surveys.zendesk import envelope_of, opened
from flows.surveys.zendesk.items import RATINGS, answered, read_all, survey_of
from flows.surveys.zendesk.people import People

_ULID = re.compile(r"(?:zen:[a-z_]+:)?([0-9A-HJKMNP-TV-Z]{26})")
_ID_NAMES = ("survey_response_id", "response_id", "id")
# The translated words of a question and its options; the list that is pulled tells what remains.
_QUESTION = ("id", "type", "sub_type", "alias")


def listener(asked: Asked) -> Callable[[bytes], Heard]:
    """Give what reads one delivery."""

    def hear(body: bytes) -> Heard:
        event = event_of(body)
        if isinstance(event, Heard):
            return event
        response_id = _response_id(event)
        return Heard(named=Named("", response_id)) if response_id else Heard()

    return hear


def _response_id(event: dict[str, Any]) -> str | None:
    """Find the id of an answer: not the delivery's own `id`, which is one of another kind."""
    told = [members(event, part).get(name) for part in ("detail", "event") for name in _ID_NAMES]
    for one in (*told, event.get("survey_response_id"), event.get("response_id"), event.get("subject")):
        if found := _ULID.fullmatch(text_of(one) or ""):
            return found.group(1)
    return None


def fetched(
    asked: Asked, wanted: Iterable[Named], patience: Patience | None = None
) -> Iterator[tuple[Named, Page]]:
    """Ask for answers by id; one that is not there gives an empty page. Raises SourceError."""
    envelope = envelope_of(asked.source)
    with opened(asked.source, patience) as session:
        people = People(session)
        for named in wanted:
            path = f"/guide/en-us/survey_responses/{quote(named.response_id, safe='')}"
            page = Page()
            try:
                raw = session.get(path, {}, _as_listed)
            except Refused as refused:
                if refused.status not in (404, 410):
                    raise
                yield named, page
                continue
            taken, page.rejects = read_all([raw], None, people)
            for whole, item in taken:
                made = answered(whole, item, envelope) if _is_wanted(asked, survey_of(item)) else None
                if isinstance(made, Reject):
                    page.rejects.append(made)
                elif made is not None:
                    page.responses.append(made)
            page.warnings, people.warnings = people.warnings, []
            yield named, page


def _is_wanted(asked: Asked, survey_id: str | None) -> bool:
    return asked.source.surveys == "all" or survey_id in {*asked.source.surveys} - {RATINGS}


def _as_listed(body: bytes) -> bytes:
    """Give an answer as the list tells it, without the words of its questions."""
    try:
        told = msgspec.json.decode(json_object(body))["survey_response"]
        for answer in told.get("answers") or ():
            if isinstance(answer.get("question"), dict):
                answer["question"] = {
                    name: answer["question"][name] for name in _QUESTION if name in answer["question"]
                }
    except (*REFUSALS, KeyError, AttributeError, TypeError):
        raise Unreadable("its answer tells no survey_response") from None
    return msgspec.json.encode(told)
