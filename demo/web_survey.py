"""The survey in Hazel & Thrush's web shop, which is asked by Formbricks: as that tool's API tells it.

Sittings are told in one way for all forms (`sittings.py`); here those of the web shop become what Formbricks
would have kept of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from demo.forms import FIELDS, HIDDEN, WEB
from demo.sittings import Item

SURVEY = "cm8web3pn8r0001hazelthr1"
_STAMP = "%Y-%m-%dT%H:%M:%S.000Z"
_KINDS: dict[str, dict[str, Any]] = {
    "rating": {"type": "rating", "scale": "star", "range": 5},
    "opinion_scale": {"type": "rating", "scale": "number", "range": 7},
    "long_text": {"type": "openText", "inputType": "text"},
}


def definition(made_at: datetime) -> dict[str, Any]:
    """Give the survey as `GET /api/v1/management/surveys/{id}` tells it."""
    title, fields = FIELDS[WEB]
    questions = [
        {
            "id": one["ref"],
            **_KINDS[one["type"]],
            "headline": {"default": one["title"]},
            "required": False,
        }
        for one in fields
    ]
    made = made_at.strftime(_STAMP)
    return {
        "id": SURVEY,
        "name": title,
        "type": "app",
        "status": "inProgress",
        "createdAt": made,
        "updatedAt": made,
        "questions": questions,
        "hiddenFields": {"enabled": True, "fieldIds": HIDDEN},
        "variables": [],
        "languages": [],
    }


def response(item: Item) -> Item:
    """Give a sitting as `GET /api/v2/management/responses` tells it."""
    at = datetime.fromisoformat(item["submitted_at"]).strftime(_STAMP)
    said = {answer["field"]["ref"]: answer[answer["type"]] for answer in item["answers"]}
    return {
        "id": f"c{item['token'][:24]}",
        "surveyId": SURVEY,
        "createdAt": datetime.fromisoformat(item["landed_at"]).strftime(_STAMP),
        "updatedAt": at,
        "finished": True,
        "data": {**said, **item["hidden"]},
        "variables": {},
        "ttc": {},
        "contact": None,
        "language": "default",
    }
