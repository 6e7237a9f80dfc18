"""The local Qualtrics keeps the laws its documentation gives: jobs, tokens, refusals."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.tools.qualtrics import FakeQualtrics

TOKEN = "qx_test"
NOW = datetime(2026, 5, 5, tzinfo=UTC)
EXPORTS = "/API/v3/surveys/SV_1/export-responses"
SURVEY = {"id": "SV_1", "name": "a/b", "definition": {}, "schema": {}}


def item(day: int) -> dict[str, Any]:
    at = f"2026-05-0{day}T00:00:00Z"
    return {"responseId": f"R_{day}", "values": {"startDate": at, "recordedDate": at}}


@pytest.fixture
def tool() -> Iterator[FakeQualtrics]:
    responses = [item(1), item(2), item(3), {**item(4), "_open": True}]
    with FakeQualtrics([SURVEY], {"SV_1": responses}, TOKEN, now=NOW) as server:
        yield server


def ask(
    tool: FakeQualtrics, path: str, wanted: dict[str, Any] | None = None, token: str = TOKEN
) -> requests.Response:
    method = "GET" if wanted is None else "POST"
    return requests.request(method, tool.url + path, json=wanted, headers={"X-API-TOKEN": token}, timeout=5)


def export(tool: FakeQualtrics, **wanted: Any) -> tuple[list[str], str | None]:
    job = ask(tool, EXPORTS, {"format": "ndjson", **wanted}).json()["result"]["progressId"]
    done = ask(tool, f"{EXPORTS}/{job}").json()["result"]
    assert ask(tool, f"{EXPORTS}/{job}/file").status_code == 404, "the path takes fileId"
    with zipfile.ZipFile(io.BytesIO(ask(tool, f"{EXPORTS}/{done['fileId']}/file").content)) as archive:
        lines = archive.read(archive.infolist()[0]).splitlines()
    return [json.loads(line)["responseId"] for line in lines], done.get("continuationToken")


def test_start_is_included_end_is_not_and_open_ones_stand_alone(tool: FakeQualtrics) -> None:
    between = {"startDate": "2026-05-01T00:00:00Z", "endDate": "2026-05-03T00:00:00Z"}
    assert export(tool, **between) == (["R_1", "R_2"], None)
    assert export(tool, exportResponsesInProgress=True) == (["R_4"], None)


def test_a_token_gives_what_is_new_or_edited_since(tool: FakeQualtrics) -> None:
    _, token = export(tool, allowContinuation=True, sortByLastModifiedDate=True)
    tool.responses["SV_1"][0]["values"]["QID1"] = 3
    tool.responses["SV_1"].append({**item(4), "responseId": "R_5"})
    found, following = export(tool, continuationToken=token, sortByLastModifiedDate=True)
    assert found == ["R_1", "R_5"] and following not in (None, token)
    tool.now = datetime(2026, 5, 13, tzinfo=UTC)
    assert ask(tool, EXPORTS, {"format": "json", "continuationToken": token}).status_code == 400


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"Format": "json"},
        {"format": "json", "useLabels": False},
        {"format": "ndjson", "timeZone": "UTC"},
        {"format": "ndjson", "continuationToken": "unknown"},
        {"format": "ndjson", "continuationToken": "x", "allowContinuation": True},
        {"format": "ndjson", "filterId": "f", "allowContinuation": True},
        {"format": "ndjson", "startDate": "yesterday"},
    ],
)
def test_wishes_it_does_not_take(tool: FakeQualtrics, wanted: dict[str, Any]) -> None:
    answered = ask(tool, EXPORTS, wanted)
    assert answered.status_code == 400
    assert "Invalid request" in answered.json()["meta"]["error"]["errorMessage"] or "token" in answered.text
    assert ask(tool, EXPORTS, wanted, "other").json()["meta"]["httpStatus"] == "401 - Unauthorized"


def test_a_failed_job_is_whole_and_has_no_file(tool: FakeQualtrics) -> None:
    tool.failing = 1
    job = ask(tool, EXPORTS, {"format": "json"}).json()["result"]["progressId"]
    done = ask(tool, f"{EXPORTS}/{job}").json()["result"]
    assert done == {"fileId": None, "percentComplete": 100.0, "status": "failed"}
