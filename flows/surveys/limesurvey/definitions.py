"""The definition of a survey: what the server tells of it, and its questions by the columns they fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from flows.records import Definition, Page, Reject
from flows.surveys.limesurvey.questions import Question
from flows.surveys.told import hash_of


def definition_page(survey_id: str, told: dict[str, Any], questions: Mapping[str, Question]) -> Page:
    """Write a survey's definition; one that is no text is set aside, and keeps no response out."""
    shown = [question for question in questions.values() if not question.is_hidden]
    content = {**told, "asked": [one for question in shown for one in question.described()]}
    try:
        payload = msgspec.json.encode(content)
    except UnicodeEncodeError:
        reason = "the survey's definition holds signs that are no text, such as half an emoji"
        return Page(rejects=[Reject(survey_id, reason, str(content).encode("utf-8", "backslashreplace"))])
    return Page(definitions=[Definition(survey_id, payload, hash_of(content))])
