"""SurveyMonkey: nothing is lost, nothing comes twice, and the day's requests are spared."""

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

import demo.tools.surveymonkey as local
from demo.tools.local import Faulty
from demo.tools.surveymonkey import FakeSurveyMonkey
from flows.configuration import Source
from flows.surveys.surveymonkey import HOSTS, pages, walk

from .collecting import Item, Store
from .conftest import Clock

SAMPLES = Path(__file__).parent / "samples"
TOKEN = "sm_s3cret+/="
SURVEY = "306079584"
NOW, DAY = datetime(2026, 5, 5, tzinfo=UTC), timedelta(days=1)


def survey(survey_id: str = SURVEY, changed: str = "2026-04-30T18:09:00") -> Item:
    return {"id": survey_id, "title": "How was it?", "date_modified": changed, "page_count": 0, "pages": []}


def answered(response_id: str, at: str, status: str = "completed", **more: Any) -> Item:
    """Give a response last changed then; `at` is day and time in May 2026, like `04T09:15:00`."""
    moment = f"2026-05-{at}+00:00"
    told = {"response_status": status, "date_created": moment, "date_modified": moment, "pages": []}
    return {"id": response_id, "collection_mode": "default", **told, **more}


def many(count: int, begin: datetime = datetime(2026, 5, 1, tzinfo=UTC), seconds: int = 60) -> list[Item]:
    times = (begin + timedelta(seconds=seconds * number) for number in range(count))
    return [answered(f"r{number:05}", f"{at:%dT%H:%M:%S}") for number, at in enumerate(times)]


def store_of(tool: FakeSurveyMonkey, **more: Any) -> Store:
    told = {"name": "web", "tool": "surveymonkey", "token": TOKEN, "base_url": tool.url, **more}
    return Store(Source(**told), ask=pages)


@contextmanager
def serving(
    items: list[Item], *, fault: Faulty | None = None, surveys: list[Item] | None = None, **more: Any
) -> Iterator[FakeSurveyMonkey]:
    with FakeSurveyMonkey(surveys or [survey()], {SURVEY: items}, TOKEN, fault=fault, **more) as tool:
        yield tool


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "SIZES", (4, 2, 1))


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def of(part: str, body: bytes, status: int = 200) -> Faulty:
    return lambda handler: part in handler.path and reply(handler, body, status)


def told(item: bytes) -> bytes:
    return b'{"data": [%b], "page": 1, "per_page": 100, "total": 1, "links": {"self": "x"}}' % item


def bulk_requests(tool: FakeSurveyMonkey) -> list[str]:
    return [path for path in tool.requests if "/bulk" in path]


# ---------------------------------------------------------------- what is read


def test_the_samples_of_the_documentation() -> None:
    page = (SAMPLES / "surveymonkey_page.json").read_bytes()
    definition = json.loads((SAMPLES / "surveymonkey_survey.json").read_bytes())
    with serving([], fault=of("/bulk", page), surveys=[definition]) as tool:
        store = store_of(tool)
        assert store.run() is None

    one, other = (store.newest[key] for key in ("12706126725", "12706152767"))
    assert (one.customer_id, one.email, one.is_complete) == ("C-1042", "ana@example.com", True)
    assert one.submitted_at == datetime(2026, 5, 4, 17, 40, 54, tzinfo=UTC)
    assert (other.customer_id, other.email, other.is_complete) == (None, None, False)
    assert one.payload in page and other.payload in page, "kept exactly as they came"
    assert json.loads(store.definitions[0].payload)["pages"] == definition["pages"]
    assert store.rejects == [] and store.warnings == []


def test_all_is_read_over_pages_and_the_next_run_costs_two_requests() -> None:
    with serving(many(1250)) as tool:
        store = store_of(tool)
        assert store.run() is None
        assert len(store.versions) == 1250
        before = dict(store.cursors)
        assert len(tool.requests) == 2 + 13, "list, details, a page for each hundred and what overlaps"

        tool.requests.clear()
        assert store.run() is None
        assert [path.split("?")[0] for path in tool.requests] == [
            "/v3/surveys",
            f"/v3/surveys/{SURVEY}/responses/bulk",
            f"/v3/surveys/{SURVEY}/responses/bulk",
        ], "two hours hold 121 of these"
        assert store.cursors == before and {len(kept) for kept in store.versions.values()} == {1}


def test_what_is_asked_never_depends_on_how_much_is_stored() -> None:
    with serving(many(700, seconds=600)) as tool:
        store = store_of(tool)
        store.run(now=NOW + DAY)
        tool.responses[SURVEY].append(answered("new", "05T21:00:00"))
        tool.requests.clear()
        store.run(now=NOW + DAY)

    assert "new" in store.versions and len(bulk_requests(tool)) == 1


def test_previews_are_kept_and_count_nowhere_and_every_status_is_told() -> None:
    items = [
        answered("a", "04T10:00:00", collection_mode="preview"),
        answered("b", "04T10:00:01", collection_mode="survey_preview"),
        answered("c", "04T10:00:02", "partial", collection_mode="edit"),
        answered("d", "04T10:00:03", "disqualified"),
        answered("e", "04T10:00:04", collection_mode="data_entry"),
    ]
    with serving(items) as tool:
        store = store_of(tool)
        store.run()

    assert {key for key, one in store.newest.items() if one.is_deleted} == {"a", "b"}
    assert {key for key, one in store.newest.items() if not one.is_complete} == {"c", "d"}
    assert all(json.loads(one.payload)["id"] == key for key, one in store.newest.items())


def test_a_definition_is_asked_for_when_the_list_says_it_changed() -> None:
    with serving([answered("a", "04T10:00:00")]) as tool:
        store = store_of(tool)
        for _ in range(3):
            store.run()
        assert len(store.definitions) == 1
        # Within the minute that the list knows it may change again.
        tool.definitions[SURVEY].update(date_modified="2026-05-05T00:00:00", title="Another")
        store.run(now=NOW + timedelta(seconds=40))
        tool.definitions[SURVEY].update(title="A third")
        store.run(now=NOW + timedelta(minutes=3))
        store.run(now=NOW + timedelta(minutes=9))

    assert [json.loads(one.payload)["title"] for one in store.definitions] == [
        "How was it?",
        "Another",
        "A third",
    ]


def test_surveys_are_listed_over_pages_or_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.surveys.surveymonkey.surveys._SIZE", 3)
    surveys = [survey(str(number)) for number in range(7)]
    with serving([], surveys=surveys) as tool:
        whole, named = store_of(tool), store_of(tool, surveys=["6", "gone", "6"])
        assert whole.run() is None and named.run() is None

    assert [one.survey_id for one in whole.definitions] == [str(number) for number in range(7)]
    assert [one.survey_id for one in named.definitions] == ["6"]
    assert len(named.warnings) == 1 and "gone" in named.warnings[0]


# ---------------------------------------------------------------- what is new, late, edited


def check_late_ones_are_read(tool: FakeSurveyMonkey) -> None:
    """The watermark is 4 May 10:00; what turns up late just two hours before it is still read."""
    store = store_of(tool)
    store.run()
    tool.responses[SURVEY].append(answered("late", "04T08:00:00"))
    store.run()

    assert "late" in store.versions


def check_all_are_read_though_some_are_edited_meanwhile(tool: FakeSurveyMonkey) -> None:
    """After each page one that was read is edited: it moves to the end, all behind it move up by one."""
    store = store_of(tool)
    edited = iter(range(3))

    def edit(handler: BaseHTTPRequestHandler) -> bool:
        if "/bulk" in handler.path and len(bulk_requests(tool)) > 1 and (number := next(edited, -1)) >= 0:
            old = tool.responses[SURVEY][number]
            tool.responses[SURVEY][number] = {**old, "date_modified": f"2026-05-04T23:00:{number:02}+00:00"}
        return False

    tool.fault = edit
    assert store.run() is None
    assert set(store.versions) == {one["id"] for one in tool.responses[SURVEY]}
    assert store.newest["r00000"].submitted_at == datetime(2026, 5, 4, 23, tzinfo=UTC)


EDGE = [answered("old", "01T00:00:00"), answered("newest", "04T10:00:00")]


def test_late_ones_within_the_window_are_read() -> None:
    with serving(EDGE) as tool:
        check_late_ones_are_read(tool)
        assert "start_modified_at=2026-05-04T08%3A00%3A00" in bulk_requests(tool)[-1]


def test_once_a_day_the_window_is_three_days_wide() -> None:
    with serving(EDGE) as tool:
        store = store_of(tool)
        store.run(now=NOW)
        tool.responses[SURVEY].append(answered("very late", "02T10:00:00"))
        store.run(now=NOW + timedelta(hours=23))
        assert "very late" not in store.versions
        store.run(now=NOW + timedelta(hours=24))

    assert "very late" in store.versions


def test_edits_and_deletions_while_paging_hide_nothing(small_pages: None) -> None:
    with serving(many(20)) as tool:
        check_all_are_read_though_some_are_edited_meanwhile(tool)


def test_more_within_a_second_than_a_page_holds(small_pages: None) -> None:
    items = [*many(9), *(answered(f"s{number}", "02T00:00:00") for number in range(15))]
    with serving([*items, answered("z", "02T00:00:01")]) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 25


def exclusive(between: Callable[..., list[Item]], hours: int) -> Callable[..., list[Item]]:
    """Make a twin whose window begins later than it is asked to."""

    def twin(items: list[Item], by: str, named: str, query: Mapping[str, str]) -> list[Item]:
        start = query.get(f"start_{named}")
        moved = {f"start_{named}": _later(start, hours)} if start else {}
        return between(items, by, named, {**query, **moved})

    return twin


def _later(start: str, hours: int) -> str:
    return f"{datetime.fromisoformat(start) + timedelta(hours=hours, seconds=1):%Y-%m-%dT%H:%M:%S}"


def off_by_one(page_of: Callable[..., Item]) -> Callable[..., Item]:
    def twin(items: list[Item], query: Mapping[str, str], here: str, *, largest: int) -> Item:
        page = page_of(items, query, here, largest=largest)
        return {**page, "data": page["data"][1:]} if "modified" in str(query) else page

    return twin


def without_next(page_of: Callable[..., Item]) -> Callable[..., Item]:
    def twin(items: list[Item], query: Mapping[str, str], here: str, *, largest: int) -> Item:
        page = page_of(items, query, here, largest=largest)
        page["links"].pop("next", None)
        return page

    return twin


TWINS = {
    "another edge": ("between", lambda real: exclusive(real, 0), EDGE, check_late_ones_are_read),
    "off by one": ("page_of", off_by_one, many(20), check_all_are_read_though_some_are_edited_meanwhile),
    "no next": ("page_of", without_next, many(20), check_all_are_read_though_some_are_edited_meanwhile),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_tool_that_speaks_otherwise_is_noticed(
    small_pages: None, monkeypatch: pytest.MonkeyPatch, twin: str
) -> None:
    name, mutated, items, check = TWINS[twin]
    monkeypatch.setattr(local, name, mutated(getattr(local, name)))
    with serving(list(items)) as tool, pytest.raises(AssertionError):
        check(tool)


def test_a_tool_whose_window_excludes_its_edge_loses_nothing_of_a_walk(
    small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "between", exclusive(local.between, 0))
    with serving(many(20, seconds=1)) as tool:
        check_all_are_read_though_some_are_edited_meanwhile(tool)


def test_a_tool_that_keeps_no_order_is_read_by_page_numbers(small_pages: None) -> None:
    items = many(20)
    random.Random(1).shuffle(items)
    with serving(items) as tool:
        bulk = tool.bulk
        tool.bulk = lambda found, query, here: bulk(  # type: ignore[method-assign]
            found, {name: text for name, text in query.items() if not name.startswith("sort")}, here
        )
        store = store_of(tool)
        assert store.run() is None
        assert len(store.versions) == 20
        assert store.cursors[SURVEY, "modified"] == "2026-05-01T00:19:00+00:00"


def test_a_tool_that_knows_no_window_is_read_by_page_numbers(small_pages: None) -> None:
    with serving(many(20)) as tool:
        bulk = tool.bulk
        tool.bulk = lambda found, query, here: bulk(  # type: ignore[method-assign]
            found, {name: text for name, text in query.items() if "modified_at" not in name}, here
        )
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 20 and len(bulk_requests(tool)) == 2 + 5


def test_edits_make_a_version_and_another_order_does_not() -> None:
    def page(*answers: Item) -> list[Item]:
        return [{"id": "1", "questions": [{"id": "q", "answers": list(answers)}, {"id": "p", "answers": []}]}]

    one = answered("a", "04T10:00:00", pages=page({"choice_id": "1"}, {"choice_id": "2"}))
    with serving([one]) as tool:
        store = store_of(tool)
        store.run()
        turned = {**one, "edit_url": "x", "pages": page({"choice_id": "2"}, {"choice_id": "1"})}
        turned["pages"][0]["questions"].reverse()
        tool.responses[SURVEY] = [dict(reversed(turned.items()))]
        store.run()
        assert len(store.versions["a"]) == 1
        tool.responses[SURVEY] = [{**one, "pages": page({"choice_id": "3"})}]
        store.run()
        assert len(store.versions["a"]) == 2


def test_a_partial_one_becomes_complete() -> None:
    with serving([answered("x", "04T10:00:00", "partial")]) as tool:
        store = store_of(tool)
        store.run()
        tool.responses[SURVEY] = [answered("x", "04T10:20:00")]
        store.run()
        store.run()

    assert [one.is_complete for one in store.versions["x"]] == [False, True]


def test_backfill_reads_from_a_date_and_moves_no_cursor() -> None:
    with serving(many(20)) as tool:
        store = store_of(tool)
        store.cursors[SURVEY, "modified"] = "2026-05-04T00:00:00+00:00"
        before = dict(store.cursors)
        store.run(since=datetime(2026, 5, 1, 0, 12, tzinfo=UTC))

    assert set(store.versions) == {f"r{number:05}" for number in range(12, 20)} and store.cursors == before


def test_an_answer_from_the_future_hides_nothing() -> None:
    future = answered("future", "04T00:00:00") | {"date_modified": "2099-01-01T00:00:00+00:00"}
    with serving([answered("a", "04T00:00:00"), future]) as tool:
        store = store_of(tool)
        store.run()
        tool.responses[SURVEY].append(answered("b", "05T00:00:00"))
        store.run()

    assert set(store.versions) == {"future", "a", "b"}


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_end_as_the_tool_says(small_pages: None, seed: int) -> None:
    """Answers begin, are edited, completed, deleted; runs come at random times and are killed anywhere."""
    chance, now = random.Random(seed), datetime(2026, 5, 1, tzinfo=UTC)
    with serving([]) as tool:
        store, known = store_of(tool), tool.responses[SURVEY]
        for number in range(60):
            now += timedelta(minutes=chance.choice((0, 1, 30, 600)))
            status = chance.choice(("completed", "partial"))
            if known and chance.random() < 0.4:
                known.append(answered(known.pop(chance.randrange(len(known)))["id"], f"{now:%dT%H:%M:%S}"))
            else:
                known.append(answered(f"r{number}", f"{now:%dT%H:%M:%S}", status))
            if chance.random() < 0.3:
                store.run(now=now, killed_after=chance.choice((None, 0, 1, 2, 4)))
        assert store.run(now=now) is None

    assert {key: one.is_complete for key, one in store.newest.items()} == {
        one["id"]: one["response_status"] == "completed" for one in known
    }


# ---------------------------------------------------------------- what stands in an item


GOOD = json.dumps(answered("good", "04T10:00:00")).encode()
BAD = {
    "half an emoji": (GOOD.replace(b'"good"', b'"a", "x": "\\ud83d"', 1), "lone surrogate"),
    "no UTF-8": (GOOD.replace(b'"good"', b'"a", "x": "caf\xe9"', 1), "no UTF-8"),
    "null": (b"null", "no JSON object"),
    "no id": (GOOD.replace(b'"good"', b"null"), "no id"),
    "bad time": (GOOD.replace(b'"date_modified": "2026-05-04', b'"date_modified": "2026-05-44'), "no time"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_understood_is_set_aside_whole_and_its_neighbours_stay(what: str) -> None:
    raw, reason = BAD[what]
    with serving([], fault=of("/bulk", told(b", ".join((raw, GOOD))))) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert store.newest["good"].payload == GOOD
    assert [(one.survey_id, one.payload) for one in store.rejects] == [(SURVEY, raw)]
    assert reason in store.rejects[0].reason


@pytest.mark.parametrize(
    "odd",
    [
        {"pages": None, "metadata": None, "custom_variables": None},
        {
            "pages": [None, {"questions": [None, {"answers": [None, 1]}]}],
            "metadata": [],
            "custom_variables": [],
        },
        {"id": 17, "total_time": "62", "x": "\u0000", "y": "😀\u202e"},
        {"date_modified": None, "date_created": None},
    ],
)
def test_odd_items_are_responses_all_the_same(odd: Item) -> None:
    item = json.dumps({**answered("a", "04T10:00:00"), **odd}).encode()
    with serving([], fault=of("/bulk", told(item))) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 1 and store.rejects == []


def test_a_definition_with_half_an_emoji_keeps_its_choices() -> None:
    broken = b'{"id": "1", "title": "\\ud83d", "pages": [{"questions": [{"id": "q"}]}], "page_count": 2}'
    with serving(many(2), fault=of("/details", broken)) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert json.loads(store.definitions[0].payload)["pages"] == [{"questions": [{"id": "q"}]}]
    assert "gives 1 of the survey's 2 pages" in store.warnings[0] and len(store.versions) == 2


# ---------------------------------------------------------------- refusals and faults


def test_a_wrong_token_ends_the_source_at_once() -> None:
    with serving(many(2)) as tool:
        error = store_of(tool, token="sm_other").run()
        missing = store_of(tool, token=" ").run()

    assert "HTTP 401 (The authorization token provided was invalid)" in str(error)
    assert "sm_other" not in str(error) and len(tool.requests) == 1
    assert "source 'web' has no token" in str(missing)


def test_a_missing_scope_and_a_wrong_region_are_named() -> None:
    with serving(many(2), scopes=frozenset({"surveys_read"})) as tool:
        error = str(store_of(tool).run())

    assert "responses_read_detail was not granted" in error and "api.eu.surveymonkey.com" in error


def test_a_refused_survey_fails_the_source_and_one_that_is_gone_does_not() -> None:
    surveys = [survey("secret"), survey("gone"), survey()]
    secret, gone = of("/surveys/secret/", b"{}", 403), of("/surveys/gone/", b"{}", 404)
    with serving(many(2), surveys=surveys, fault=lambda asked: secret(asked) or gone(asked)) as tool:
        store = store_of(tool)
        error = str(store.run())

    assert "/surveys/secret" in error and "gone" not in error and "gone" in store.warnings[0]
    assert len(store.versions) == 2


def test_a_survey_of_more_than_a_thousand_questions_is_read_all_the_same() -> None:
    with serving(many(2), fault=of("/details", b'{"error": {"id": "1030"}}', 413)) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 2 and "HTTP 413" in store.warnings[0]


def test_the_minute_is_waited_for_and_the_day_is_not(clock: Clock) -> None:
    with serving(many(2), requests_per_second=2) as tool:
        store = store_of(tool)
        assert store.run(patience=clock.patience()) is None or clock.slept
        assert clock.slept and max(clock.slept) < 5
        tool.wait_seconds = lambda: 0.0  # type: ignore[method-assign]
        tool.requests_left_today, clock.slept[:] = 1, []
        error = str(store.run(patience=clock.patience()))
        assert "It asks to wait 40000 s: run again after" in error and clock.slept == []
        tool.requests_left_today = None
        assert store.run() is None

    assert len(store.versions) == 2


def test_surveys_that_the_day_had_no_requests_for_come_first_the_next_day(clock: Clock) -> None:
    surveys = [survey(str(number)) for number in range(5)]
    responses = {one["id"]: [answered(one["id"], "04T10:00:00")] for one in surveys}
    with FakeSurveyMonkey(surveys, responses, TOKEN) as tool:
        store, reached = store_of(tool), []
        for day in range(3):
            tool.requests_left_today = 5  # the list, and two surveys
            error = store.run(now=NOW + day * DAY, patience=clock.patience())
            assert "run again after" in str(error)
            reached.append(set(store.versions))

    assert [len(ids) for ids in reached] == [2, 4, 5]


def test_a_page_that_repeats_ends_that_survey(small_pages: None) -> None:
    page = json.dumps({"data": many(4), "links": {"next": "x"}, "total": 9}).encode()
    with serving([], fault=of("/bulk", page)) as tool:
        store = store_of(tool)
        error = store.run()

    assert "its pages repeat" in str(error) and len(store.versions) == 4 and len(bulk_requests(tool)) < 5


def test_a_tool_that_is_down_keeps_what_was_read(small_pages: None, clock: Clock) -> None:
    with serving(many(20)) as tool:
        tool.fault = lambda asked: len(bulk_requests(tool)) > 2 and reply(asked, b"<html>", 503)
        store = store_of(tool)
        assert "HTTP 503" in str(store.run(patience=clock.patience())) and 0 < len(store.versions) < 20
        tool.fault = None
        assert store.run() is None

    assert len(store.versions) == 20 and {len(kept) for kept in store.versions.values()} == {1}


def test_a_page_too_large_is_asked_for_in_smaller_ones(small_pages: None, clock: Clock) -> None:
    items = [{**one, "x": "a" * 1000} for one in many(9)]
    with serving(items) as tool:
        store = store_of(tool)
        assert store.run(patience=clock.patience(largest=3_000)) is None

    assert len(store.versions) == 9


def test_either_base_url_leads_to_version_3() -> None:
    with serving(many(1)) as tool:
        for base in (tool.url, f"{tool.url}/v3", f"{tool.url}/v3/"):
            store = store_of(tool, base_url=base)
            assert store.run() is None and len(store.versions) == 1
    assert "api.surveymonkey.ca" in HOSTS


def test_the_secret_is_in_no_sentence(clock: Clock) -> None:
    echo = json.dumps({"error": {"message": f"the token {TOKEN} is odd"}}).encode()
    with serving(many(2)) as tool:
        for status in (400, 401, 403, 404, 500):
            tool.fault = of("/", echo, status)
            error = store_of(tool).run(patience=clock.patience(budget=10))
            said = "".join(traceback.format_exception(error)) if error else ""
            assert TOKEN not in said and "the token *** is odd" in said
