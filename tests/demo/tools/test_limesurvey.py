"""The local LimeSurvey refuses what the real one refuses, in its words and with its HTTP 200."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from demo.tools.limesurvey import FakeLimeSurvey

ROWS = [
    {"id": number, "submitdate": f"2026-05-04 09:00:{number:02}" if number % 2 else None}
    | {"startdate": "2026-05-04 08:00:00", "datestamp": f"2026-05-04 09:00:{number:02}", "NPS": str(number)}
    for number in range(1, 10)
]
SURVEY = {"sid": 7, "surveyls_title": "Shop", "rows": ROWS}


@pytest.fixture
def tool() -> Iterator[FakeLimeSurvey]:
    with FakeLimeSurvey([SURVEY, {"sid": 8, "active": "N"}, {"sid": 9}], "secret") as server:
        yield server


def call(tool: FakeLimeSurvey, method: str, *params: Any) -> Any:
    body = {"method": method, "params": list(params), "id": 1}
    answered = requests.post(f"{tool.url}/admin/remotecontrol", json=body, timeout=5)
    assert answered.headers["Content-Type"].startswith("text/") and answered.status_code in (200, 500)
    return answered.json()["result"] if answered.text.startswith("{") else answered.text


def key(tool: FakeLimeSurvey) -> str:
    return str(call(tool, "get_session_key", "admin", "secret"))


def export(tool: FakeLimeSurvey, *rest: Any, sid: int = 7) -> Any:
    told = call(tool, "export_responses", key(tool), sid, "json", *rest)
    if not isinstance(told, str) or told.startswith("<"):
        return told
    return [row.get("id") for row in json.loads(base64.b64decode(told))["responses"]]


def test_bounds_include_both_ends_and_rows_rise(tool: FakeLimeSurvey) -> None:
    assert export(tool) == list(range(1, 10))
    assert export(tool, None, "all", "code", "short", 3, 5) == [3, 4, 5]
    assert export(tool, None, "complete", "code", "short", 3, None) == [3, 5, 7, 9]
    assert export(tool, None, "incomplete") == [2, 4, 6, 8]
    assert export(tool, None, "all", "code", "short", 90, 99) == []


def test_version_3_wraps_rows_and_makes_one_of_nothing(tool: FakeLimeSurvey) -> None:
    tool.version = 3
    told = call(tool, "export_responses", key(tool), 7, "json", None, "all", "code", "short", 99, None)

    assert json.loads(base64.b64decode(told))["responses"] == [{"": dict.fromkeys(ROWS[0], "")}]


def test_what_is_refused_is_refused_in_words(tool: FakeLimeSurvey) -> None:
    assert call(tool, "list_surveys", "no key") == {"status": "Invalid session key"}
    assert call(tool, "get_session_key", "admin", "x") == {"status": "Invalid user name or password"}
    assert export(tool, sid=1) == {"status": "No permission"}
    assert export(tool, sid=8) == {"status": "No Data, survey table does not exist."}
    assert export(tool, sid=9) == {"status": "No Data, could not get max id."}
    assert export(tool, "xx") == {"status": "Language code not found for this survey."}
    assert "500" in export(tool, None, "all", "code", "short", 1, 2, ["no_column"])
    assert "500" in call(tool, "no_such_method", key(tool))
    assert call(tool, "get_survey_properties", key(tool), 1) == {"status": "Error: Invalid survey ID"}
    assert call(tool, "list_participants", key(tool), 7) == {"status": "Error: No survey participants table"}


def test_without_the_interface_or_its_form_the_body_is_empty(tool: FakeLimeSurvey) -> None:
    url = f"{tool.url}/index.php/admin/remotecontrol"
    body = json.dumps({"method": "list_surveys", "params": [], "id": 1})
    assert requests.post(url, data=body, timeout=5).text == ""
    assert requests.post(url, json={"method": "list_surveys", "params": [], "id": 0}, timeout=5).text == ""
    tool.is_on = False
    assert requests.post(url, json=json.loads(body), timeout=5).text == ""


def test_too_many_wrong_passwords_lock_out(tool: FakeLimeSurvey) -> None:
    for _ in range(6):
        call(tool, "get_session_key", "admin", "x")

    assert "maximum login attempts" in call(tool, "get_session_key", "admin", "secret")["status"]


def test_only_what_was_there_at_its_time_is_told(tool: FakeLimeSurvey) -> None:
    tool.now, tool.zone = datetime(2026, 5, 4, 7, 0, 3, tzinfo=UTC), "Europe/Berlin"

    assert export(tool) == [1, 2, 3]
