"""The local Mopinion wants every request signed, and pages, filters and refuses as its clients tell."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from demo.tools.mopinion import FakeMopinion

ROWS = [{"id": number, "created": f"2026-05-{number:02}", "fields": []} for number in range(1, 26)]


@pytest.fixture
def tool() -> Iterator[FakeMopinion]:
    reports = [{"id": 1, "datasets": [{"id": 7}]}]
    with FakeMopinion(reports, {7: [{"key": "7.NPS.a"}]}, {7: ROWS}, keys=("pub", "priv")) as server:
        yield server


def ask(tool: FakeMopinion, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
    digest = hmac.new(tool.token.encode(), f"{path}|".encode(), hashlib.sha256).hexdigest()
    signed = base64.b64encode(f"pub:{digest}".encode()).decode()
    told = {"version": "2.0.0", "X-Auth-Token": signed} if headers is None else headers
    return requests.get(tool.url + path, params=query, headers=told, timeout=5)


def found(tool: FakeMopinion, **query: Any) -> list[int]:
    return [row["id"] for row in ask(tool, "/datasets/7/feedback", **query).json()["data"]]


def test_ten_a_page_and_the_next_forgets_everything_else(tool: FakeMopinion) -> None:
    assert found(tool) == list(range(1, 11))
    assert found(tool, page=3, limit=10) == [21, 22, 23, 24, 25]
    meta = ask(tool, "/datasets/7/feedback", limit=20, order="desc").json()["_meta"]
    assert (meta["has_more"], meta["next"], meta["total"]) == (True, "/datasets/7/feedback?page=2", 25)


def test_doubled_modifiers_include_the_day(tool: FakeMopinion) -> None:
    assert found(tool, **{"filter[>>date]": "2026-05-24"}) == [24, 25]
    assert found(tool, **{"filter[>date]": "2026-05-24"}) == [25]
    assert found(tool, **{"filter[<<date]": "2026-05-02", "order": "desc"}) == [2, 1]


def test_signatures_and_keys_are_checked(tool: FakeMopinion) -> None:
    assert ask(tool, "/account", {}).json()["error_code"] == 18
    assert ask(tool, "/account", {"X-Auth-Token": "cHViOng="}).status_code == 401
    assert ask(tool, "/token", {"Authorization": "Basic cHViOng="}).status_code == 401
    basic = {"Authorization": "Basic " + base64.b64encode(b"pub:priv").decode()}
    assert ask(tool, "/token", basic).json() == {"token": tool.token}
    assert ask(tool, "/ping", {}).json()["response"] == "pong"


@pytest.mark.parametrize("query", [{"limit": 101}, {"page": 0}, {"sort": "id"}, {"filter[>>who]": "x"}])
def test_what_is_refused(tool: FakeMopinion, query: dict[str, Any]) -> None:
    assert ask(tool, "/datasets/7/feedback", **query).status_code == 400
    assert ask(tool, "/datasets/8/feedback").json()["error_code"] == 14
    assert ask(tool, "/elsewhere").json()["error_code"] == 6


def test_without_a_version_the_shape_is_another(tool: FakeMopinion) -> None:
    signed = ask(tool, "/account").request.headers["X-Auth-Token"]

    assert "member" in ask(tool, "/account", {"X-Auth-Token": signed}).json()
    quiet = {"X-Auth-Token": signed, "version": "2.0.0", "verbosity": "quiet"}
    assert "_meta" not in ask(tool, "/account", quiet).json()
