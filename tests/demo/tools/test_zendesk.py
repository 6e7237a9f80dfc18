"""The local Zendesk keeps the laws its documentation gives: cursors, units of time, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from demo.tools.zendesk import FakeZendesk, made_at, ulid

BEGAN = datetime(2026, 5, 4, 9, tzinfo=UTC)
OLD, NEW = "/api/v2/satisfaction_ratings", "/api/v2/guide/survey_responses"


def rating(number: int) -> dict[str, Any]:
    created = f"{BEGAN + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}"
    return {"id": number, "score": ("good", "bad", "offered")[number % 3], "created_at": created}


@pytest.fixture(scope="module")
def tool() -> Iterator[FakeZendesk]:
    answers = [{"id": ulid(BEGAN + timedelta(hours=number))} for number in range(5)]
    with FakeZendesk(
        ratings=[rating(number) for number in range(330)][::-1], answers=answers, users=[{"id": 7}, {"id": 8}]
    ) as server:
        yield server


def ask(tool: FakeZendesk, path: str, **query: Any) -> requests.Response:
    door = (f"{tool.email}/token", tool.token)
    return requests.get(tool.url + path, params=query, auth=door, timeout=5)


def test_cursors_meet_every_rating_once_in_the_order_of_time(tool: FakeZendesk) -> None:
    met: list[int] = []
    query: dict[str, Any] = {"score": "received", "page[size]": 100}
    while True:
        page = ask(tool, OLD, **query).json()
        met += [one["id"] for one in page["satisfaction_ratings"]]
        if not page["meta"]["has_more"]:
            break
        query["page[after]"] = page["meta"]["after_cursor"]

    assert met == [number for number in range(330) if number % 3 != 2]


def test_seconds_for_the_older_model_and_milliseconds_for_the_newer(tool: FakeZendesk) -> None:
    since = int((BEGAN + timedelta(minutes=327)).timestamp())
    assert [one["id"] for one in ask(tool, OLD, start_time=since).json()["satisfaction_ratings"]] == [
        327,
        328,
    ]
    since = int((BEGAN + timedelta(hours=3)).timestamp())
    assert len(ask(tool, NEW, **{"filter[created_at_start]": since * 1000}).json()["survey_responses"]) == 2
    assert len(ask(tool, NEW, **{"filter[created_at_start]": since}).json()["survey_responses"]) == 5
    assert made_at({"id": ulid(BEGAN, 3)}) == int(BEGAN.timestamp() * 1000)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (OLD, {"page[size]": 101}, 422),
        (OLD, {"page": 2}, 422),
        (OLD, {"score": "fine"}, 422),
        (OLD, {"start_time": "2026-05-04"}, 422),
        (NEW, {"sort": "created_at"}, 422),
        ("/api/v2/users/show_many", {"ids": ",".join(map(str, range(101)))}, 422),
        ("/api/v2/nothing", {}, 404),
    ],
)
def test_what_the_api_refuses_is_refused(tool: FakeZendesk, path: str, query: Any, status: int) -> None:
    assert ask(tool, path, **query).status_code == status


def test_doors_people_and_the_time_it_is_there(tool: FakeZendesk) -> None:
    wrong = requests.get(tool.url + OLD, headers={"Authorization": "Bearer x"}, timeout=5)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "Couldn't authenticate you")
    assert ask(tool, "/api/v2/users/show_many", ids="8,9").json() == {"users": [{"id": 8}]}
    try:
        tool.now = BEGAN + timedelta(minutes=1)
        assert [one["id"] for one in ask(tool, OLD).json()["satisfaction_ratings"]] == [0, 1]
        assert len(ask(tool, NEW).json()["survey_responses"]) == 1
    finally:
        tool.now = None
