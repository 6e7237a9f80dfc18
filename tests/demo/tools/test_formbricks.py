"""The local Formbricks keeps the laws its documentation gives: paging, limits, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from demo.tools.formbricks import FakeFormbricks

KEY = "fbk_test"
RESPONSES = "/api/v2/management/responses"
SURVEYS = [{"id": f"s{n}", "updatedAt": f"2026-05-0{n + 1}T00:00:00.000Z"} for n in range(3)]
ITEMS = [
    {"id": f"r{n:03}", "surveyId": "s1", "createdAt": at, "updatedAt": at, "finished": True, "data": {}}
    for n in range(120)
    for at in [f"2026-05-04T09:{n // 60:02}:{n % 60:02}.000Z"]
]


@pytest.fixture(scope="module")
def tool() -> Iterator[FakeFormbricks]:
    with FakeFormbricks(SURVEYS, ITEMS, KEY) as server:
        yield server


def ask(tool: FakeFormbricks, path: str, key: str = KEY, **query: Any) -> requests.Response:
    return requests.get(tool.url + path, params=query, headers={"x-api-key": key}, timeout=5)


def test_pages_hold_50_newest_first_and_bounds_are_inclusive(tool: FakeFormbricks) -> None:
    body = ask(tool, RESPONSES).json()
    assert set(body) == {"data"}, "no meta"
    assert [one["id"] for one in body["data"]] == [f"r{n:03}" for n in range(119, 69, -1)]
    edges = {"startDate": "2026-05-04T09:00:10Z", "endDate": "2026-05-04T09:00:12Z", "order": "asc"}
    found = ask(tool, RESPONSES, **edges, skip=1, filterDateField="updatedAt").json()["data"]
    assert [one["id"] for one in found] == ["r011", "r012"]
    assert ask(tool, RESPONSES, surveyId="s2").json() == {"data": []}


@pytest.mark.parametrize(
    "query",
    [{"limit": 251}, {"limit": 0}, {"skip": -1}, {"sortBy": "id"}, {"order": "up"}, {"startDate": "x"}],
)
def test_v2_refuses_what_it_does_not_know(tool: FakeFormbricks, query: dict[str, Any]) -> None:
    answered = ask(tool, RESPONSES, **query)
    assert answered.status_code == 400
    assert answered.json()["error"]["details"][0]["field"] in query


def test_surveys_come_last_changed_first_and_refusals_differ_by_version(tool: FakeFormbricks) -> None:
    listed = ask(tool, "/api/v1/management/surveys", limit=2, offset=1).json()["data"]
    assert [one["id"] for one in listed] == ["s1", "s0"]
    assert ask(tool, "/api/v1/management/surveys/s9").json()["code"] == "not_found"
    assert ask(tool, "/api/v1/management/surveys", "x").json()["code"] == "not_authenticated"
    assert ask(tool, RESPONSES, "x").json()["error"]["code"] == 401
