"""Each tool as the table of faults needs it: a local server with twelve responses, and how they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.tools.formbricks import FakeFormbricks
from demo.tools.hubspot import FakeHubSpot
from demo.tools.limesurvey import FakeLimeSurvey
from demo.tools.local import LocalTool
from demo.tools.mopinion import FakeMopinion
from demo.tools.qualtrics import FakeQualtrics
from demo.tools.surveymonkey import FakeSurveyMonkey
from demo.tools.typeform import FakeTypeform
from demo.tools.zendesk import FakeZendesk

from .collecting import NOW, Item

KEY = "s3cret+/="
ODD: Mapping[str, Any] = {
    "new": {"dial": {"x": [1, None]}},
    "text": "9",
    "null": None,
    "emoji": "👩‍👩‍👧 ❤️ \u202eمرحبا",
    "large": "x" * 10_000_000,
}
_AT = "2026-05-04T09:{:02}:00"
_LATER = "2026-05-04T12:00:00"


@dataclass(frozen=True, slots=True)
class Tool:
    """Say how one tool is served and asked, where its responses are asked for, and how one changes.

    `small` are sizes of pages, so that twelve responses are several; `items` and `surveys` what the server
    serves, to be changed under it; `filled` gives an item another answer of a kind of ODD. A fault begins at
    the `begins`th request for responses, so that something was read before.
    """

    serve: Callable[[], Any]
    source: Mapping[str, str]
    path: str
    small: Sequence[tuple[str, Any]]
    items: Callable[[Any], list[Item]]
    surveys: Callable[[Any], dict[Any, Any]]
    filled: Callable[[Item, str], Item]
    edited: Mapping[str, Any] = field(default_factory=dict)
    id_name: str = "id"
    begins: int = 2

    def ids(self, tool: LocalTool) -> set[str]:
        """Give the ids of all responses that the server holds."""
        return {str(item[self.id_name]) for item in self.items(tool)}

    def asked(self, tool: LocalTool) -> int:
        """Count the requests for responses up to the one at hand."""
        if isinstance(tool, FakeLimeSurvey):  # one path for all calls
            exports = [method for method, _ in tool.calls if method == self.path]
            return len(exports) + 1 if exports else 0
        return sum(self.path in request for request in tool.requests)

    def edit(self, item: Item) -> Item:
        """Give an item that somebody edited at noon."""
        changed = self.filled(item, "text")
        inner = {**changed["properties"], **self.edited.get("properties", {})} if "properties" in item else {}
        return {**changed, **self.edited, **({"properties": inner} if inner else {})}


def _typeform(number: int) -> Item:
    at, token = _AT.format(number) + "Z", f"r{number:02}"
    return {"token": token, "response_id": token, "landed_at": at, "submitted_at": at}


def _surveymonkey(number: int) -> Item:
    at = _AT.format(number) + "+00:00"
    times = {"date_created": at, "date_modified": at}
    return {"id": str(100 + number), "collection_mode": "default", "response_status": "completed", **times}


def _qualtrics(number: int) -> Item:
    at = _AT.format(number) + "Z"
    values = {"startDate": at, "endDate": at, "recordedDate": at, "status": 0, "finished": 1, "QID1": 9}
    return {"responseId": f"R_{number:02}", "values": values, "labels": {}}


def _mopinion(number: int) -> Item:
    fields = [{"key": "7.NPS.x1k29fa", "label": "How likely?", "value": 9}]
    return {"id": number, "created": "2026-05-04", "tags": [], "fields": fields}


def _limesurvey(number: int) -> Item:
    at = _AT.format(number).replace("T", " ")
    told = {"id": number + 1, "submitdate": at, "lastpage": 3, "startlanguage": "en", "seed": None}
    return {**told, "startdate": at, "datestamp": at, "NPS": "A9", "WHY": "Fast"}


def _formbricks(number: int) -> Item:
    at = _AT.format(number) + ".000Z"
    told = {"id": f"r{number:02}", "surveyId": "s1", "finished": True, "data": {"nps": 9}}
    return {**told, "createdAt": at, "updatedAt": at}


def _zendesk(number: int) -> Item:
    at = _AT.format(number) + "Z"
    told = {"id": number, "ticket_id": number, "requester_id": 7, "score": "good", "comment": "Fast"}
    return {**told, "created_at": at, "updated_at": at}


def _hubspot(number: int) -> Item:
    at = _AT.format(number) + ".000Z"
    told = {"hs_lastmodifieddate": at, "hs_submission_timestamp": at, "hs_survey_id": "31", "hs_value": "9"}
    return {"id": str(number), "properties": told}


def _made(item: Callable[[int], Item]) -> list[Item]:
    return [item(number) for number in range(12)]


def _in_typeform(item: Item, kind: str) -> Item:
    kinds = {"new": "dial", "text": "number"}
    name = kinds.get(kind, "text")
    answer = {"type": name, name: ODD[kind], "field": {"id": "f", "ref": "why", "type": name}}
    return {**item, "answers": [answer]}


def _in_surveymonkey(item: Item, kind: str) -> Item:
    answer = {"choice_id": ODD[kind], "row_id": 8} if kind in ("text", "null") else {"text": ODD[kind]}
    return {**item, "pages": [{"id": "p", "questions": [{"id": "q", "answers": [answer]}]}]}


_FORM = {"id": "f1", "type": "quiz", "title": "How was it?", "fields": []}
_MONKEY = {"id": "m1", "title": "How?", "date_modified": "2026-04-30T18:09:00", "page_count": 0, "pages": []}
_QX = {
    **{"id": "SV_1", "name": "How?", "lastModified": "2026-04-01T00:00:00Z"},
    **{"definition": {"SurveyID": "SV_1", "Questions": {}}, "schema": {"properties": {}}},
}
_BRICKS = {"id": "s1", "name": "How?", "updatedAt": "2026-04-20T10:00:00.000Z", "questions": []}
_REPORT = {"id": 3, "name": "Web", "datasets": [{"id": 7, "name": "Shop"}]}
_NAMES = ("hs_value", "hs_survey_id", "hs_submission_timestamp")

TOOLS: Mapping[str, Tool] = {
    "typeform": Tool(
        serve=lambda: FakeTypeform([_FORM], {"f1": _made(_typeform)}, KEY),
        source={"token": KEY},
        path="response_type=completed",
        small=[("typeform.walk.SIZE", 4)],
        items=lambda tool: tool.responses["f1"],
        surveys=lambda tool: tool.definitions,
        filled=_in_typeform,
        id_name="token",
    ),
    "surveymonkey": Tool(
        serve=lambda: FakeSurveyMonkey([_MONKEY], {"m1": _made(_surveymonkey)}, KEY),
        source={"token": KEY},
        path="/bulk",
        small=[("surveymonkey.walk.SIZES", (4, 2, 1))],
        items=lambda tool: tool.responses["m1"],
        surveys=lambda tool: tool.definitions,
        filled=_in_surveymonkey,
        edited={"date_modified": _LATER + "+00:00"},
    ),
    "qualtrics": Tool(
        serve=lambda: FakeQualtrics([_QX], {"SV_1": _made(_qualtrics)}, KEY, now=NOW),
        source={"token": KEY},
        path="/file",
        small=[("qualtrics.survey._SIZE", 4)],
        items=lambda tool: tool.responses["SV_1"],
        surveys=lambda tool: tool.surveys,
        filled=lambda item, kind: {**item, "values": {**item["values"], "QID1": ODD[kind]}},
        edited={"_changed": _LATER + "Z"},
        id_name="responseId",
        begins=1,
    ),
    "mopinion": Tool(
        serve=lambda: FakeMopinion([_REPORT], {7: []}, {7: _made(_mopinion)}, keys=("mpn_pub", KEY)),
        source={"public_key": "mpn_pub", "private_key": KEY},
        path="/feedback",
        small=[("mopinion.walk.SIZE", 4)],
        items=lambda tool: tool.feedback[7],
        surveys=lambda tool: tool.fields,
        filled=lambda item, kind: {**item, "fields": [{**item["fields"][0], "value": ODD[kind]}]},
    ),
    "limesurvey": Tool(
        serve=lambda: FakeLimeSurvey([{"sid": 5, "questions": [], "rows": _made(_limesurvey)}], KEY),
        source={"username": "admin", "password": KEY},
        path="export_responses",
        small=[("limesurvey.windows.SIZE", 4)],
        items=lambda tool: tool.surveys[5]["rows"],
        surveys=lambda tool: tool.surveys,
        filled=lambda item, kind: {**item, "WHY": ODD[kind]},
        edited={"datestamp": _LATER.replace("T", " ")},
    ),
    "formbricks": Tool(
        serve=lambda: FakeFormbricks([_BRICKS], _made(_formbricks), KEY),
        source={"token": KEY},
        path="/v2/",
        small=[("formbricks.walk.SIZE", 4)],
        items=lambda tool: tool.responses,
        surveys=lambda tool: tool.surveys,
        filled=lambda item, kind: {**item, "data": {"nps": ODD[kind]}},
        edited={"updatedAt": _LATER + ".000Z"},
    ),
    "zendesk": Tool(
        serve=lambda: FakeZendesk(ratings=_made(_zendesk), email="a@acme.example", token=KEY),
        source={"email": "a@acme.example", "token": KEY},
        path="/satisfaction_ratings",
        small=[("zendesk.ratings._SIZE", 4)],
        items=lambda tool: tool.ratings,
        surveys=lambda tool: {},
        filled=lambda item, kind: {**item, "comment": ODD[kind]},
        edited={"updated_at": _LATER + "Z"},
    ),
    "hubspot": Tool(
        serve=lambda: FakeHubSpot(_made(_hubspot), [{"name": one, "label": one} for one in _NAMES], KEY),
        source={"token": KEY},
        path="/search",
        small=[("hubspot.submissions.SIZES", (4, 2, 1))],
        items=lambda tool: tool.submissions,
        surveys=lambda tool: {},
        filled=lambda item, kind: {**item, "properties": {**item["properties"], "hs_value": ODD[kind]}},
        edited={"properties": {"hs_lastmodifieddate": _LATER + ".000Z"}},
    ),
}
