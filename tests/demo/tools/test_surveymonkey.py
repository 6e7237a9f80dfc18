"""The local SurveyMonkey keeps the laws its documentation gives: paging, limits, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.tools.surveymonkey import FakeSurveyMonkey

TOKEN = "sm_test"
BULK = "/v3/surveys/1/responses/bulk"


def response(number: int) -> dict[str, Any]:
    status = "partial" if number % 10 == 9 else "completed"
    return {
        "id": f"r{number:03}",
        "response_status": status,
        "date_created": "2026-05-04T08:00:00+00:00",
        "date_modified": f"2026-05-04T09:{number // 60:02}:{number % 60:02}+00:00",
    }


@pytest.fixture(scope="module")
def tool() -> Iterator[FakeSurveyMonkey]:
    surveys = [{"id": str(number), "title": f"S{number}", "date_modified": f"2026-05-0{number}T00:00:00"}
               for number in range(1, 8)]  # fmt: skip
    with FakeSurveyMonkey(surveys, {"1": [response(number) for number in range(130)][::-1]}, TOKEN) as server:
        yield server


def ask(tool: FakeSurveyMonkey, path: str, token: str = TOKEN, **query: Any) -> requests.Response:
    headers = {"Authorization": f"bearer {token}"} if token else {}
    return requests.get(tool.url + path, params=query, headers=headers, timeout=5)


def ids(tool: FakeSurveyMonkey, **query: Any) -> list[str]:
    return [one["id"] for one in ask(tool, BULK, **query).json()["data"]]


def test_following_the_links_meets_every_response_once_in_order(tool: FakeSurveyMonkey) -> None:
    met, page = [], ask(tool, BULK, sort_by="date_modified", sort_order="ASC").json()
    assert (page["per_page"], page["total"]) == (50, 130)
    while True:
        met += [one["id"] for one in page["data"]]
        if "next" not in page["links"]:
            break
        page = ask(tool, page["links"]["next"].removeprefix(tool.url)).json()

    assert met == [f"r{number:03}" for number in range(130)]


def test_times_and_status_choose(tool: FakeSurveyMonkey) -> None:
    asked = {"start_modified_at": "2026-05-04T09:00:07", "end_modified_at": "2026-05-04T09:00:09"}
    assert ids(tool, **asked) == ["r009", "r008", "r007"]
    assert ids(tool, **asked, status="partial") == ["r009"]
    assert ids(tool, start_created_at="2026-05-04T08:00:01") == []


def test_surveys_are_listed_with_what_is_included_and_with_no_more(tool: FakeSurveyMonkey) -> None:
    page = ask(tool, "/v3/surveys", per_page=3, include="date_modified,response_count").json()
    assert set(page["data"][0]) == {"id", "title", "nickname", "href", "date_modified", "response_count"}
    assert (len(page["data"]), page["total"], page["data"][0]["response_count"]) == (3, 7, 130)
    assert set(ask(tool, "/v3/surveys").json()["data"][0]) == {"id", "title", "nickname", "href"}
    one = ask(tool, "/v3/surveys/1/responses/r007/details").json()
    assert one["id"] == "r007" and ask(tool, "/v3/surveys/1/details").json()["title"] == "S1"


@pytest.mark.parametrize(
    ("path", "query", "token", "status", "error_id"),
    [
        (BULK, {"per_page": 101}, TOKEN, 400, "1003"),
        (BULK, {"page": 0}, TOKEN, 400, "1003"),
        (BULK, {"sort_by": "id"}, TOKEN, 400, "1003"),
        (BULK, {"start_modified_at": "2026-05-04T09:00:00Z"}, TOKEN, 400, "1003"),
        ("/v3/surveys", {"per_page": 1001}, TOKEN, 400, "1003"),
        ("/v3/surveys", {}, "other", 401, "1011"),
        ("/v3/surveys", {}, "", 401, "1010"),
        ("/v3/surveys/none/details", {}, TOKEN, 404, "1020"),
        ("/surveys", {}, TOKEN, 404, "1020"),
    ],
)
def test_what_the_api_refuses_is_refused_with_its_body(
    tool: FakeSurveyMonkey, path: str, query: dict[str, Any], token: str, status: int, error_id: str
) -> None:
    answered = ask(tool, path, token, **query)

    assert (answered.status_code, answered.json()["error"]["id"]) == (status, error_id)


def test_limits_scopes_and_the_time_it_is_there(tool: FakeSurveyMonkey) -> None:
    more: dict[str, Any] = {"requests_left_today": 1, "scopes": frozenset({"surveys_read"})}
    with FakeSurveyMonkey([{"id": "1"}], {"1": [response(1)]}, TOKEN, **more) as other:
        assert ask(other, BULK).status_code == 403
        over = ask(other, BULK)
        assert (over.status_code, over.headers["X-Ratelimit-App-Global-Day-Remaining"]) == (429, "0")
        assert "Retry-After" not in over.headers
    try:
        tool.now = datetime(2026, 5, 4, 9, 0, 1, tzinfo=UTC)
        assert ids(tool) == ["r001", "r000"]
    finally:
        tool.now = None
