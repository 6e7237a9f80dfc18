"""What Qualtrics delivers: that a response was recorded; never what it says.

A delivery is a form: `Topic`, and `MSG` with JSON that holds `SurveyID` and `ResponseID` (Event
subscriptions; `encrypt` must be off). The pull mostly has it; else it is asked for by id, where it may take
a moment to appear (202): then a later run asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

import msgspec

from flows.records import Page
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.envelope import Envelope
from flows.surveys.heard import Heard, Named, carried, is_wanted, unread
from flows.surveys.listings import REFUSALS, json_object
from flows.surveys.patience import Patience
from flows.surveys.qualtrics import opened
from flows.surveys.qualtrics.items import DEFAULTS, finder, read_item
from flows.surveys.qualtrics.surveys import SURVEYS
from flows.surveys.signatures import form_fields
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import object_of
from flows.surveys.trouble import Refused


def listener(asked: Asked) -> Callable[[bytes], Heard]:
    """Give what reads one delivery."""

    def hear(body: bytes) -> Heard:
        fields = form_fields(body)
        if "Response" not in fields.get("Topic", "Response"):
            return Heard()
        try:
            told = object_of(fields.get("MSG", "").encode("utf-8", "surrogateescape"))
        except Unfit as unfit:
            return unread(body, f"{unfit}. Is `encrypt` of the subscription off?")
        survey_id, response_id = text_of(told.get("SurveyID")), text_of(told.get("ResponseID"))
        if survey_id is None or response_id is None:
            return unread(body, "it names no survey, or no response", survey_id or "unknown")
        return Heard(named=Named(survey_id, response_id)) if is_wanted(asked, survey_id) else Heard()

    return hear


def fetched(
    asked: Asked, wanted: Iterable[Named], patience: Patience | None = None
) -> Iterator[tuple[Named, Page]]:
    """Ask for responses by id; one that is gone gives an empty page. Raises SourceError."""
    envelope = Envelope(asked.source, DEFAULTS, finder)
    with opened(asked.source, patience or Patience()) as session:
        for named in wanted:
            survey, response = quote(named.survey_id, safe=""), quote(named.response_id, safe="")
            try:
                raw = session.get(f"{SURVEYS}/{survey}/responses/{response}", {}, _result)
            except Refused as refused:
                if refused.status not in (404, 410):
                    raise
                yield named, Page()
            else:
                record = read_item(raw, named.survey_id, envelope, is_open=False)
                yield named, carried(record).page


def _result(body: bytes) -> bytes:
    try:
        inner = msgspec.json.decode(json_object(body), type=dict[str, msgspec.Raw])["result"]
    except (*REFUSALS, KeyError):
        raise Unreadable("its answer tells no response") from None
    return json_object(bytes(inner))
