"""HubSpot: submissions are found by when they changed, also behind 10,000 results, and deleted ones go."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import demo.tools.hubspot
from demo.tools.hubspot import FakeHubSpot
from demo.tools.local import Faulty
from flows.configuration import Source
from flows.surveys.hubspot import pages, submissions

from .collecting import Item, Store
from .conftest import Clock

SAMPLES = Path(__file__).parent / "samples"
TOKEN = "pat_s3cret+/="
NOW, DAY = datetime(2026, 5, 5, tzinfo=UTC), timedelta(days=1)
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)
PROPERTIES = [
    {"name": name, "label": name} for name in ("hs_value", "hs_survey_id", "hs_submission_timestamp")
]


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def given(number: int, changed: datetime, survey: str = "31", **more: Any) -> Item:
    told = {"hs_lastmodifieddate": at(changed), "hs_submission_timestamp": at(BEGAN), "hs_survey_id": survey}
    return {"id": str(number), "properties": {**told, "hs_value": "9", **more}}


def many(count: int, seconds: float = 60) -> list[Item]:
    return [given(number, BEGAN + timedelta(seconds=seconds * number)) for number in range(count)]


def store_of(tool: FakeHubSpot, **more: Any) -> Store:
    told = {"name": "crm", "tool": "hubspot", "token": TOKEN, "base_url": tool.url, **more}
    return Store(Source(**told), ask=pages)


@contextmanager
def serving(items: list[Item], fault: Faulty | None = None, **more: Any) -> Iterator[FakeHubSpot]:
    with FakeHubSpot(items, PROPERTIES, TOKEN, fault=fault, **more) as tool:
        yield tool


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def of(part: str, body: bytes, status: int = 200) -> Faulty:
    return lambda handler: part in handler.path and reply(handler, body, status)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "SIZES", (4, 2, 1))


# ---------------------------------------------------------------- what is read


def test_the_samples_of_the_documentation() -> None:
    page = (SAMPLES / "hubspot_page.json").read_bytes()
    properties = (SAMPLES / "hubspot_properties.json").read_bytes()
    asked = json.loads((SAMPLES / "hubspot_search.json").read_bytes())
    searched = iter([page])

    def sampled(handler: BaseHTTPRequestHandler) -> bool:
        if handler.path.endswith("/search"):
            return reply(handler, next(searched, b'{"results": []}'))
        return of("/properties/", properties)(handler)

    with serving([], sampled) as tool:
        store = store_of(tool)
        assert store.run() is None
        tool.fault = None
        store.run()

    one = store.newest["5213450987"]
    assert (one.survey_id, one.customer_id, one.email) == ("31", "20115", "ann@example.com")
    assert (one.channel, one.payload in page) == ("EMAIL", True)
    assert one.submitted_at == datetime(2026, 5, 4, 10, 31, 12, 874000, tzinfo=UTC)
    assert json.loads(store.definitions[0].payload)["results"] == json.loads(properties)["results"]
    [search] = tool.searches
    assert search.keys() == asked.keys() - {"after"} and search["sorts"] == asked["sorts"]
    [[known]] = [group["filters"] for group in asked["filterGroups"]]
    [[told]] = [group["filters"] for group in search["filterGroups"]]
    assert told == {
        **known,
        "value": str(int(datetime(2026, 5, 3, 10, 35, 40, 411000, UTC).timestamp() * 1000)),
    }
    assert search["properties"] == ["hs_submission_timestamp", "hs_survey_id", "hs_value"]
    assert store.rejects == []
    assert ["is not there any more" in warning for warning in store.warnings] == [True], "nor is it"


def test_all_is_read_behind_ten_thousand_results_and_the_next_run_asks_for_a_day(
    small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.tools.hubspot, "_MOST_FOUND", 12)
    with serving(many(40, seconds=7200)) as tool:
        store = store_of(tool)
        assert store.run() is None
        assert len(store.versions) == 40
        tool.submissions.append(given(99, NOW, hs_value="1"))
        tool.searches.clear()
        assert store.run(now=NOW + DAY) is None

        assert set(store.versions) == {str(number) for number in (*range(40), 99)}
        assert len(tool.searches) <= 6, "13 lie within a day before the newest known, and one is new"
        assert {len(kept) for kept in store.versions.values()} == {1}


def test_more_of_one_instant_than_search_reaches_is_said_and_the_rest_is_read(
    small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (demo.tools.hubspot, submissions):
        monkeypatch.setattr(module, "_MOST_FOUND", 12)
    items = [*(given(number, BEGAN, "1") for number in range(20)), given(50, BEGAN, "2")]
    with serving(items) as tool:
        store = store_of(tool, surveys=["1", "2"])
        error = str(store.run())

    assert "more than 12 submissions of one instant" in error and "50" in store.versions


# ---------------------------------------------------------------- what is new, edited, deleted


def check_all_are_read_though_some_are_edited_meanwhile(tool: FakeHubSpot) -> None:
    store = store_of(tool)
    edited = iter(range(3))

    def edit(_: BaseHTTPRequestHandler) -> bool:
        if len(tool.searches) and (number := next(edited, -1)) >= 0:
            changed = NOW - timedelta(hours=1) + timedelta(seconds=number)
            tool.submissions[number] = given(number, changed, hs_value="0")
        return False

    tool.fault = edit
    assert store.run() is None
    assert set(store.versions) == {one["id"] for one in tool.submissions}
    assert json.loads(store.newest["0"].payload)["properties"]["hs_value"] == "0"


def check_all_are_read(tool: FakeHubSpot) -> None:
    store = store_of(tool)
    assert store.run() is None
    assert set(store.versions) == {one["id"] for one in tool.submissions}


def check_late_ones_are_read(tool: FakeHubSpot) -> None:
    store = store_of(tool)
    store.run()
    newest = BEGAN + timedelta(minutes=len(tool.submissions) - 1)
    tool.submissions.append(given(1000, newest - DAY))
    store.run()
    assert "1000" in store.versions


def test_edits_while_paging_hide_nothing(small_pages: None) -> None:
    with serving(many(20)) as tool:
        check_all_are_read_though_some_are_edited_meanwhile(tool)
    with serving(many(3)) as tool:
        check_late_ones_are_read(tool)


def exclusive(real: Callable[..., bool]) -> Callable[..., bool]:
    def twin(item: Item, asked: Mapping[str, str]) -> bool:
        later = {**asked, "value": str(int(asked["value"]) + 1)} if asked["operator"] == "GTE" else asked
        return real(item, later)

    return twin


def off_by_one(real: Callable[..., Item]) -> Callable[..., Item]:
    # One that is lost behind the first page is met again, as each page overlaps the one before.
    return lambda found, after, limit, names: real(found, after + 1, limit, names)


def without_next(real: Callable[..., Item]) -> Callable[..., Item]:
    return lambda *asked: {**real(*asked), "paging": None}


def without_answers(real: Callable[..., Item]) -> Callable[..., Item]:
    return lambda found, after, limit, names: real(found, after, limit, ())


@pytest.mark.parametrize(
    ("part", "mutated", "count", "check"),
    [
        ("fits", exclusive, 3, check_late_ones_are_read),
        ("page", off_by_one, 20, check_all_are_read),
        ("page", without_next, 20, check_all_are_read_though_some_are_edited_meanwhile),
        ("page", without_answers, 20, check_all_are_read_though_some_are_edited_meanwhile),
    ],
)
def test_a_tool_that_speaks_otherwise_is_noticed(
    small_pages: None, part: str, mutated: Any, count: int, check: Callable[[FakeHubSpot], None]
) -> None:
    with serving(many(count)) as tool:
        setattr(tool, part, mutated(getattr(tool, part)))
        with pytest.raises((AssertionError, KeyError)):
            check(tool)


def test_a_deleted_one_goes_with_nothing_of_what_it_said() -> None:
    with serving(many(3), archived=[given(77, BEGAN)]) as tool:
        store = store_of(tool)
        store.run()
        assert "77" not in store.versions, "never read, so never stored"
        tool.archived.append(tool.submissions.pop(1))
        store.run()
        store.run()

    assert [one.is_deleted for one in store.versions["1"]] == [False, True]
    assert b"hs_value" not in store.newest["1"].payload
    assert not store.newest["0"].is_deleted


def test_many_deleted_ones_are_listed_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "FEW_PAGES", 1)
    with serving(many(1), archived=[given(number, BEGAN) for number in range(1000, 1150)]) as tool:
        store = store_of(tool)
        counts = []
        for hours in (0, 1, 2, 24, 26):
            tool.requests.clear()
            assert store.run(now=NOW + timedelta(hours=hours)) is None
            counts.append(sum("archived=true" in path for path in tool.requests))

    assert counts == [0, 2, 0, 0, 2]


def test_what_is_no_change_is_none_and_what_is_makes_a_version() -> None:
    with serving(many(1)) as tool:
        store = store_of(tool)
        store.run()
        told = tool.submissions[0]["properties"]
        tool.properties.append({"name": "colour", "label": "Colour"})
        tool.submissions[0] = given(0, NOW, colour=None)
        store.run()
        assert len(store.versions["0"]) == 1 and told
        tool.submissions[0] = given(0, NOW, colour="red")
        before = dict(store.cursors)
        store.run(since=BEGAN)

    assert len(store.versions["0"]) == 2 and store.cursors == before
    assert len({one.content_hash for one in store.definitions}) == 2


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_end_as_the_tool_says(small_pages: None, seed: int) -> None:
    chance, moment = random.Random(seed), BEGAN
    with serving([]) as tool:
        store, known = store_of(tool), tool.submissions
        for number in range(60):
            moment += timedelta(minutes=chance.choice((0, 1, 30, 600)))
            what = chance.random()
            if known and what < 0.3:
                old = known.pop(chance.randrange(len(known)))
                known.append(given(int(old["id"]), moment, hs_value=str(number)))
            elif known and what < 0.4:
                tool.archived.append(known.pop(chance.randrange(len(known))))
            else:
                known.append(given(number, moment))
            if chance.random() < 0.3:
                store.run(now=moment, killed_after=chance.choice((None, 0, 1, 2, 4)))
        assert store.run(now=moment) is None and store.run(now=moment) is None

    told = {key: json.loads(one.payload) for key, one in store.newest.items() if not one.is_deleted}
    assert {key: one["properties"]["hs_value"] for key, one in told.items()} == {
        one["id"]: one["properties"]["hs_value"] for one in known
    }


# ---------------------------------------------------------------- refusals and faults


BAD = {
    "half an emoji": (b'{"id": "1", "properties": {"hs_content": "\\ud83d"}}', "lone surrogate"),
    "no time": (b'{"id": "1", "properties": {"hs_submission_timestamp": "today"}}', "is no time"),
    "no id": (b'{"properties": {}}', "no id"),
    "null": (b"null", "no JSON object"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_stay(what: str) -> None:
    raw, reason = BAD[what]
    good = json.dumps(given(9, BEGAN)).encode()
    odd = b'{"id": 8, "properties": {"hs_submission_timestamp": 1777880000000, "hs_survey_id": null}}'
    with serving([], of("/search", b'{"results": [%b, %b, %b]}' % (raw, good, odd))) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert store.newest["9"].payload == good and store.newest["8"].survey_id == "none"
    assert store.newest["8"].submitted_at == datetime.fromtimestamp(1777880000, UTC)
    assert [(one.payload, reason in one.reason) for one in store.rejects] == [(raw, True)]


def test_named_surveys_have_watermarks_of_their_own() -> None:
    items = [given(1, BEGAN, "31"), given(2, BEGAN, "32"), given(3, BEGAN, "33")]
    with serving(items) as tool:
        store = store_of(tool, surveys=["31"])
        store.run()
        assert set(store.versions) == {"1"}
        other = store.changed(surveys=["31", "33"])
        other.run()

    assert set(other.versions) == {"1", "3"}


def test_doors_and_refusals(clock: Clock) -> None:
    with serving(many(2)) as tool:
        for base in (f"{tool.url}/crm/v3", f"{tool.url}/"):
            store = store_of(tool, base_url=base)
            assert store.run() is None and len(store.versions) == 2
        assert "has no token" in str(store_of(tool, token=None).run())
        tool.fault = of("archived=true", b"{}", 403)
        assert store.run() is None and "stay as they were" in store.warnings[0]
        tool.fault = of("/search", b'{"message": "missing scopes"}', 403)
        assert "HTTP 403 (missing scopes). Give the private app" in str(store_of(tool).run())
        for status in (400, 401, 403, 404, 500):
            tool.fault = of("/", json.dumps({"message": f"the token {TOKEN} is odd"}).encode(), status)
            error = store_of(tool).run(patience=clock.patience(budget=10))
            said = "".join(traceback.format_exception(error)) if error else ""
            assert TOKEN not in said and "the token *** is odd" in said


def test_a_tool_that_is_busy_or_down_keeps_what_was_read(small_pages: None, clock: Clock) -> None:
    with serving(many(20)) as tool:
        tool.fault = lambda asked: len(tool.searches) > 2 and reply(asked, b'{"status": "error"}', 429)
        store = store_of(tool)
        assert "HTTP 429" in str(store.run(patience=clock.patience())) and 0 < len(store.versions) < 20
        tool.fault = None
        assert store.run() is None

    assert len(store.versions) == 20 and {len(kept) for kept in store.versions.values()} == {1}


def test_pages_that_repeat_or_are_too_large(small_pages: None, clock: Clock) -> None:
    page = json.dumps({"results": many(4), "paging": {"next": {"after": "4"}}}).encode()
    with serving([], of("/search", page)) as tool:
        store = store_of(tool)
        assert "its pages repeat" in str(store.run()) and len(store.versions) == 4
    with serving([{**one, "x": "a" * 1000} for one in many(9)]) as tool:
        store = store_of(tool)
        assert store.run(patience=clock.patience(largest=3_500)) is None and len(store.versions) == 9
