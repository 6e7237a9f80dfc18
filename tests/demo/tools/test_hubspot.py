"""The local HubSpot keeps the laws its documentation gives: search, its end, properties, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from demo.tools.hubspot import FakeHubSpot

BEGAN = datetime(2026, 5, 4, 9, tzinfo=UTC)
LIST = "/crm/v3/objects/feedback_submissions"


def submission(number: int) -> dict[str, Any]:
    changed = f"{BEGAN + timedelta(seconds=number):%Y-%m-%dT%H:%M:%S}.000Z"
    return {
        "id": f"{number:05}",
        "properties": {"hs_lastmodifieddate": changed, "hs_value": str(number % 11)},
    }


@pytest.fixture(scope="module")
def tool() -> Iterator[FakeHubSpot]:
    items = [submission(number) for number in range(10_300)][::-1]
    with FakeHubSpot(items, [{"name": "hs_value"}], archived=[submission(99_999)]) as server:
        yield server


def ask(tool: FakeHubSpot, path: str, asked: Any = None, **query: Any) -> requests.Response:
    method, door = ("POST" if asked is not None else "GET"), {"Authorization": f"Bearer {tool.token}"}
    return requests.request(method, tool.url + path, json=asked, params=query, headers=door, timeout=5)


def question(since: int, **more: Any) -> dict[str, Any]:
    value = str(int((BEGAN + timedelta(seconds=since)).timestamp() * 1000))
    filters = [{"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": value}]
    sorts = [{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}]
    return {"filterGroups": [{"filters": filters}], "sorts": sorts, "limit": 200, **more}


def test_search_finds_from_a_time_on_in_order_and_page_by_page(tool: FakeHubSpot) -> None:
    first = ask(tool, f"{LIST}/search", question(10_000)).json()
    assert (first["total"], first["results"][0]["id"], first["paging"]["next"]["after"]) == (
        300,
        "10000",
        "200",
    )
    last = ask(tool, f"{LIST}/search", question(10_000, after="200")).json()
    assert (last["results"][0]["id"], len(last["results"]), "paging" in last) == ("10200", 100, False)


def test_only_the_properties_asked_for_come(tool: FakeHubSpot) -> None:
    bare = ask(tool, f"{LIST}/search", question(0, limit=1)).json()["results"][0]["properties"]
    assert set(bare) == {"hs_createdate", "hs_lastmodifieddate", "hs_object_id"}
    told = ask(tool, f"{LIST}/search", question(0, limit=1, properties=["hs_value"])).json()["results"][0]
    assert told["properties"]["hs_value"] == "0"
    listed = ask(tool, LIST, archived="true", properties="hs_value").json()
    assert [one["id"] for one in listed["results"]] == ["99999"] and "total" not in listed


def test_what_the_api_refuses_is_refused(tool: FakeHubSpot) -> None:
    assert ask(tool, f"{LIST}/search", question(0, after="9800")).status_code == 200
    assert ask(tool, f"{LIST}/search", question(0, after="10000")).status_code == 400
    assert ask(tool, f"{LIST}/search", question(0, limit=201)).status_code == 400
    odd = question(0)
    odd["filterGroups"][0]["filters"][0]["operator"] = "ABOUT"
    assert ask(tool, f"{LIST}/search", odd).json()["category"] == "VALIDATION_ERROR"
    assert ask(tool, LIST, limit=101).status_code == 400
    assert ask(tool, "/crm/v3/nothing").status_code == 404
    assert requests.get(tool.url + LIST, timeout=5).status_code == 401


def test_only_what_was_there_at_its_time_is_found(tool: FakeHubSpot) -> None:
    try:
        tool.now = BEGAN + timedelta(seconds=2)
        assert ask(tool, f"{LIST}/search", question(0)).json()["total"] == 3
    finally:
        tool.now = None
