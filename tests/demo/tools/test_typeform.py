"""The local Typeform keeps the laws its documentation gives: paging, limits, refusals."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.tools.typeform import FakeTypeform

TOKEN = "tfp_test"
FORM = {"id": "aB3dE5fG", "type": "quiz", "title": "How was it?", "fields": []}


def item(number: int, **more: Any) -> dict[str, Any]:
    at = f"2026-05-04T09:{number // 60:02}:{number % 60:02}Z"
    return {
        "token": f"t{number:04}",
        "response_id": f"t{number:04}",
        "landed_at": at,
        "submitted_at": at,
        **more,
    }


def left(number: int) -> dict[str, Any]:
    staged = item(number)["submitted_at"]
    return item(number, response_type="partial", staged_at=staged, submitted_at="0001-01-01T00:00:00Z")


ITEMS = [item(number) for number in range(100)] + [left(number) for number in range(100, 107)]


@pytest.fixture(scope="module")
def tool() -> Iterator[FakeTypeform]:
    others = [{"id": f"other{number:02}", "type": "quiz", "title": "Another"} for number in range(24)]
    with FakeTypeform([FORM, *others], {"aB3dE5fG": ITEMS}, TOKEN) as server:
        yield server


def ask(tool: FakeTypeform, path: str, token: str = TOKEN, **query: Any) -> requests.Response:
    return requests.get(
        tool.url + path, params=query, headers={"Authorization": f"Bearer {token}"}, timeout=5
    )


def page(tool: FakeTypeform, **query: Any) -> list[str]:
    answered = ask(tool, "/forms/aB3dE5fG/responses", **query)
    assert answered.status_code == 200, answered.text
    return [one["token"] for one in answered.json()["items"]]


def test_newest_come_first_and_the_default_page_holds_25(tool: FakeTypeform) -> None:
    assert page(tool) == [f"t{number:04}" for number in range(99, 74, -1)]


@pytest.mark.parametrize("size", [1, 7, 25, 99, 100, 101, 1000])
def test_walking_with_before_meets_every_response_once(tool: FakeTypeform, size: int) -> None:
    walked = page(tool, page_size=size)
    while len(found := page(tool, page_size=size, before=walked[-1])) > 0:
        walked += found

    assert walked == [f"t{number:04}" for number in range(99, -1, -1)]


def test_walking_with_after_meets_every_response_once(tool: FakeTypeform) -> None:
    walked = page(tool, page_size=30, sort="submitted_at,asc")
    while found := page(tool, page_size=30, after=walked[-1]):
        walked += found

    assert walked == [f"t{number:04}" for number in range(100)]


def test_since_and_until_are_inclusive(tool: FakeTypeform) -> None:
    assert page(tool, since="2026-05-04T09:00:10", until="2026-05-04T09:00:12Z") == [
        "t0012",
        "t0011",
        "t0010",
    ]
    assert page(tool, since=int(datetime(2026, 5, 4, 9, 1, 38, tzinfo=UTC).timestamp())) == ["t0099", "t0098"]


def test_partial_responses_come_when_asked_for_by_the_time_they_were_left(tool: FakeTypeform) -> None:
    assert page(tool, response_type="partial", since="2026-05-04T09:01:45Z") == ["t0106", "t0105"]
    assert len(page(tool, response_type="completed,partial", page_size=1000)) == 107


def test_totals_shrink_with_the_walk(tool: FakeTypeform) -> None:
    body = ask(tool, "/forms/aB3dE5fG/responses", before="t0030", page_size=7).json()

    assert (body["total_items"], body["page_count"], len(body["items"])) == (30, 5, 7)


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": 1001},
        {"page_size": 0},
        {"page_size": "many"},
        {"before": "t0003", "sort": "submitted_at,asc"},
        {"after": "t0003", "sort": "submitted_at,desc"},
        {"sort": "staged_at,asc"},
        {"before": "from-another-form"},
        {"since": "yesterday"},
        {"response_type": "finished"},
    ],
)
def test_what_the_api_refuses_is_refused_with_its_body(tool: FakeTypeform, query: dict[str, Any]) -> None:
    answered = ask(tool, "/forms/aB3dE5fG/responses", **query)

    assert answered.status_code == 400
    body = answered.json()
    assert body["code"] == "VALIDATION_ERROR" and body["description"]
    assert body["details"][0]["field"] in query


def test_a_wrong_token_and_an_unknown_form_are_refused(tool: FakeTypeform) -> None:
    assert ask(tool, "/forms", token="tfp_other").status_code == 401
    assert ask(tool, "/forms/nothing").status_code == 404
    assert ask(tool, "/forms/nothing/responses").status_code == 404
    assert ask(tool, "/nowhere").status_code == 404


def test_forms_are_listed_in_pages_of_at_most_200(tool: FakeTypeform) -> None:
    first, third = (ask(tool, "/forms", page=number).json() for number in (1, 3))

    assert (first["total_items"], first["page_count"], len(first["items"])) == (25, 3, 10)
    assert len(third["items"]) == 5
    assert ask(tool, "/forms", page_size=201).status_code == 400


def test_a_definition_leads_to_its_responses(tool: FakeTypeform) -> None:
    body = ask(tool, "/forms/aB3dE5fG").json()

    assert body["title"] == "How was it?"
    assert ask(tool, body["_links"]["responses"].removeprefix(tool.url)).status_code == 200


def test_only_what_was_there_at_its_time_is_told() -> None:
    noon = datetime(2026, 5, 4, 9, 0, 5, tzinfo=UTC)
    with FakeTypeform([FORM], {"aB3dE5fG": ITEMS}, TOKEN, now=noon) as tool:
        assert page(tool) == ["t0005", "t0004", "t0003", "t0002", "t0001", "t0000"]
        tool.now = None
        assert page(tool)[0] == "t0099"


def test_the_third_request_of_a_second_waits() -> None:
    with FakeTypeform([FORM], {}, TOKEN, requests_per_second=2) as tool:
        answers = [ask(tool, "/forms") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1


def test_a_fault_comes_before_everything_else() -> None:
    def reset(handler: Any) -> bool:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True
        return True

    with FakeTypeform([FORM], {}, TOKEN, fault=reset) as tool:
        with pytest.raises(requests.ConnectionError):
            ask(tool, "/forms")
        tool.fault = None
        assert ask(tool, "/forms").status_code == 200
