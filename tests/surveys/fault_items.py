"""A response of each tool as its API gives it, by number, one a minute; and odd answers in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .collecting import Item

ODD: Mapping[str, Any] = {
    "new": {"dial": {"x": [1, None]}},
    "text": "9",
    "null": None,
    "emoji": "👩‍👩‍👧 ❤️ \u202eمرحبا",
    "large": "x" * 10_000_000,
}
_AT = "2026-05-04T09:{:02}:00"


def typeform(number: int) -> Item:
    at, token = _AT.format(number) + "Z", f"r{number:02}"
    return {"token": token, "response_id": token, "landed_at": at, "submitted_at": at}


def surveymonkey(number: int) -> Item:
    at = _AT.format(number) + "+00:00"
    times = {"date_created": at, "date_modified": at}
    return {"id": str(100 + number), "collection_mode": "default", "response_status": "completed", **times}


def qualtrics(number: int) -> Item:
    at = _AT.format(number) + "Z"
    values = {"startDate": at, "endDate": at, "recordedDate": at, "status": 0, "finished": 1, "QID1": 9}
    return {"responseId": f"R_{number:02}", "values": values, "labels": {}}


def mopinion(number: int) -> Item:
    fields = [{"key": "7.NPS.x1k29fa", "label": "How likely?", "value": 9}]
    return {"id": number, "created": "2026-05-04", "tags": [], "fields": fields}


def limesurvey(number: int) -> Item:
    at = _AT.format(number).replace("T", " ")
    told = {"id": number + 1, "submitdate": at, "lastpage": 3, "startlanguage": "en", "seed": None}
    return {**told, "startdate": at, "datestamp": at, "NPS": "A9", "WHY": "Fast"}


def formbricks(number: int) -> Item:
    at = _AT.format(number) + ".000Z"
    told = {"id": f"r{number:02}", "surveyId": "s1", "finished": True, "data": {"nps": 9}}
    return {**told, "createdAt": at, "updatedAt": at}


def zendesk(number: int) -> Item:
    at = _AT.format(number) + "Z"
    told = {"id": number, "ticket_id": number, "requester_id": 7, "score": "good", "comment": "Fast"}
    return {**told, "created_at": at, "updated_at": at}


def hubspot(number: int) -> Item:
    at = _AT.format(number) + ".000Z"
    told = {"hs_lastmodifieddate": at, "hs_submission_timestamp": at, "hs_survey_id": "31", "hs_value": "9"}
    return {"id": str(number), "properties": told}


def made(item: Callable[[int], Item]) -> list[Item]:
    return [item(number) for number in range(12)]


def in_typeform(item: Item, kind: str) -> Item:
    kinds = {"new": "dial", "text": "number"}
    name = kinds.get(kind, "text")
    answer = {"type": name, name: ODD[kind], "field": {"id": "f", "ref": "why", "type": name}}
    return {**item, "answers": [answer]}


def in_surveymonkey(item: Item, kind: str) -> Item:
    answer = {"choice_id": ODD[kind], "row_id": 8} if kind in ("text", "null") else {"text": ODD[kind]}
    return {**item, "pages": [{"id": "p", "questions": [{"id": "q", "answers": [answer]}]}]}
