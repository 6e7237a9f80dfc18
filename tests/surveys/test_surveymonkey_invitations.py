"""SurveyMonkey: how many of those a collector invited answered, asked for only when one of them did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from demo.tools.surveymonkey import SCOPES, FakeSurveyMonkey

from .collecting import Item, Store

TOKEN = "sm_invited"
SURVEY = "306079584"
MADE = "2026-04-01T08:00:00+00:00"


def answered(response_id: str, at: str, recipient: str = "", collector: str = "c1") -> Item:
    at = f"2026-05-{at}+00:00"
    told = {"id": response_id, "recipient_id": recipient, "collector_id": collector, "pages": []}
    return {**told, "response_status": "completed", "date_created": at, "date_modified": at}


def recipient(number: int, status: str = "not_responded", mail: str = "sent") -> Item:
    told = {"id": f"p{number}", "email": f"p{number}@example.com", "mail_status": mail}
    return {**told, "survey_response_status": status}


def tool_of(items: list[Item], **more: Any) -> FakeSurveyMonkey:
    survey = {"id": SURVEY, "title": "How?", "date_modified": "2026-04-01T00:00:00", "pages": []}
    tool = FakeSurveyMonkey([survey], {SURVEY: items}, TOKEN, **more)
    tool.collectors["c1"] = MADE
    tool.recipients["c1"] = [
        *(recipient(number) for number in range(1500)),
        recipient(1500, "completely_responded"),
        recipient(1501, "partially_responded"),
        recipient(1502, mail="not_sent"),
    ]
    return tool


def collector_requests(tool: FakeSurveyMonkey) -> list[str]:
    return [path for path in tool.requests if "/collectors" in path]


def test_recipients_are_counted_when_one_of_them_answered_and_not_again() -> None:
    with tool_of([answered("r1", "01T10:00:00", "p1500"), answered("r2", "01T11:00:00")]) as tool:
        store = Store.of(tool, tool="surveymonkey", token=TOKEN)
        assert store.run() is None
        (one,) = store.invitations
        assert (one.survey_id, one.invitation_id, one.invited_at) == (
            SURVEY,
            "c1",
            datetime(2026, 4, 1, 8, tzinfo=UTC),
        )
        assert (one.invited_count, one.started_count, one.completed_count) == (1502, 2, 1)
        assert len(collector_requests(tool)) == 3 and b"example.com" not in one.payload
        tool.requests.clear()
        tool.responses[SURVEY].append(answered("r3", "02T10:00:00"))
        store.run()
        assert collector_requests(tool) == [], "nobody who was invited answered"
        tool.responses[SURVEY].append(answered("r4", "03T10:00:00", "p0"))
        tool.recipients["c1"][0] = recipient(0, "completely_responded")
        store.run()

    assert (store.invitations[-1].completed_count, store.rejects, store.warnings) == (2, [], [])


@pytest.mark.parametrize(
    ("collector", "scopes", "words"),
    [("c1", SCOPES - {"collectors_read"}, "HTTP 403"), ("gone", SCOPES, "HTTP 404")],
)
def test_what_cannot_be_counted_is_a_warning_once_and_the_answers_are_there(
    collector: str, scopes: frozenset[str], words: str
) -> None:
    items = [answered("r1", "01T10:00:00", "p1500", collector)]
    with tool_of(items, scopes=scopes) as tool:
        store = Store.of(tool, tool="surveymonkey", token=TOKEN)
        assert store.run() is None
        store.run()

    assert list(store.versions) == ["r1"] and [words in one for one in store.warnings] == [True]
