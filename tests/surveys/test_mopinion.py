"""Mopinion: signed as its client signs, and complete though it knows days alone."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.tools.mopinion import FakeMopinion
from flows.configuration import Source
from flows.surveys.mopinion import pages, walk
from flows.surveys.mopinion.signed import Signature

from .collecting import Item, Store
from .conftest import Clock

DOCUMENTED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "samples" / "mopinion" / "documented.json").read_bytes()
)
KEYS = ("mpn_pub", "pr1vate+/=")
SET = 10492
FIELDS = DOCUMENTED["fields"]["data"]


def row(number: int, day: str, score: int = 9, **more: Any) -> Item:
    """Give a row of a day in May 2026."""
    fields = [{"key": "10492.NPS.x1k29fa", "label": "How likely …?", "value": score}]
    return {"id": number, "created": f"2026-05-{day}", "tags": [], "fields": fields, **more}


@contextmanager
def serving(rows: list[Item], fields: list[Item] = FIELDS, **more: Any) -> Iterator[FakeMopinion]:
    reports = DOCUMENTED["account"]["reports"]
    with FakeMopinion(reports, {SET: fields}, {SET: rows}, keys=KEYS, **more) as tool:
        yield tool


def store_of(tool: FakeMopinion, **more: Any) -> Store:
    told = {"base_url": tool.url, "public_key": KEYS[0], "private_key": KEYS[1], **more}
    return Store(Source(name="web", tool="mopinion", **told), ask=pages)


def asked(tool: FakeMopinion) -> list[tuple[str, str, str]]:
    """List page, order and first day of each request for feedback."""
    found = [parse_qs(urlsplit(path).query) for path in tool.requests if "/feedback" in path]
    return [(one["page"][0], one["order"][0], one.get("filter[>>date]", [""])[0]) for one in found]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "SIZE", 4)


# ---------------------------------------------------------------- signed


@pytest.mark.parametrize(
    ("public", "token", "path", "expected"),
    [
        (
            *("PUBLIC_KEY", "token", "/account?page=1"),
            "UFVCTElDX0tFWTo0ZWVkZGYzNzljNDIyNDU3ZmVhOThmYzc0NGNkYTkwMGVhYmM3NmViNjM4ZjU1OTRkNGJmYmJiMGIwMWYzM2Nh",
        ),
        (
            *("PUBLIC_KEY", "my-token", "/account"),
            "UFVCTElDX0tFWTpiMWIzY2Q0YWI2NGJmYjJhNmRhMDM2NDgyN2UwOGQyNmE1NjI0YzlhNzNjMGRjOWIwNTQ5ZmQ3NDQxNDAxMGNj",
        ),
        (
            *("PUBLIC_KEY", "token", "/reports"),
            "UFVCTElDX0tFWTo2ZWJkZThkNWYzN2FhM2MxYzRmMDAwNTgzOTI0YmUyOTFkNDY1YTE0ZmU2MTc4MTExMWUxYTBlNDI5ZDA3ZGUw",
        ),
        (
            *("mpn_pub", "mpn_sigtok", "/datasets/10492/feedback?page=2&filter%5B%3E%3Edate%5D=2026-01-01"),
            "bXBuX3B1YjpmZGQ1YjkyMzk2NjAyOGUzMDk0MTBkZWQ3ZmU4ZTJlODcwOGUyYjViMzUwM2M3MzkwZmVjNWY4YjBmZjQxZmMy",
        ),
    ],
)
def test_signatures_are_those_of_the_official_client(
    public: str, token: str, path: str, expected: str
) -> None:
    signature = Signature(public, "PRIVATE_KEY", "https://gateway.example/mopinion")
    signature.token = token

    assert signature(f"/mopinion{path}", b"")["X-Auth-Token"] == expected
    basic = Signature("PUBLIC_KEY", "PRIVATE_KEY", "https://api.mopinion.com")("/token", b"")
    assert basic["Authorization"] == "Basic UFVCTElDX0tFWTpQUklWQVRFX0tFWQ=="


def test_a_token_that_counts_no_more_is_fetched_once_again(clock: Clock) -> None:
    with serving([row(1, "01")]) as tool:

        def expire(_: BaseHTTPRequestHandler) -> bool:
            if len(tool.requests) == 3:
                tool.token = "another"
            return False

        tool.fault = expire
        store = store_of(tool)
        assert store.run() is None
        assert [path.split("?")[0] for path in tool.requests].count("/token") == 2

    assert set(store.newest) == {"1"}


def test_wrong_keys_end_the_source_and_are_not_said() -> None:
    with serving([row(1, "01")]) as tool:
        error = store_of(tool, private_key="wr0ng key").run()
        missing = store_of(tool, private_key=None).run()

    assert "HTTP 401" in str(error) and "private key again" in str(error) and "no private_key" in str(missing)
    said = "".join(traceback.format_exception(error))
    assert "wr0ng" not in said and "bXBuX3B1" not in said


def test_secrets_that_the_tool_repeats_are_left_out(clock: Clock) -> None:
    with serving([row(1, "01")]) as tool:
        echo = json.dumps({"title": f"{KEYS[1]} and {tool.token}"}).encode()

        def refuse(handler: BaseHTTPRequestHandler) -> bool:
            if "/account" not in handler.path:
                return False
            handler.send_response(500)
            handler.send_header("Content-Length", str(len(echo)))
            handler.end_headers()
            handler.wfile.write(echo)
            return True

        tool.fault = refuse
        error = str(store_of(tool).run(patience=clock.patience(tries=2)))

    assert "*** and ***" in error and KEYS[1] not in error


# ---------------------------------------------------------------- what is read


def test_samples_of_the_documentation() -> None:
    with serving(DOCUMENTED["feedback"]["data"]) as tool:
        store = store_of(tool, timezone="Europe/Amsterdam", email="{E-mail}")
        assert store.run() is None

    one, other = store.newest["900001"], store.newest["900002"]
    assert one.submitted_at == datetime(2026, 5, 1, 22, tzinfo=UTC), "a day alone begins at its midnight"
    assert (one.email, other.email, one.channel) == ("ann@example.com", None, "webform")
    told = json.loads(one.payload)
    assert told["feedback"] == DOCUMENTED["feedback"]["data"][0]
    assert [(answer["type"], answer["text"]) for answer in told["answers"]] == [
        ("nps", "9"),
        ("textarea", "Delivery slots"),
        ("input", "ann@example.com"),
    ]
    assert told["properties"] == {"tags": "delivery"}
    asked_of = json.loads(store.definitions[0].payload)["asked"]
    assert [(one["type"], one.get("low"), one.get("high")) for one in asked_of] == [
        ("nps", 0, 10),
        ("textarea", None, None),
    ]
    assert (store.definitions[0].survey_id, store.rejects, store.warnings) == ("10492", [], [])


def check_all_pages_are_read(tool: FakeMopinion) -> None:
    store = store_of(tool)
    assert store.run() is None

    assert set(store.newest) == {str(one["id"]) for one in tool.feedback[SET]}


def check_late_and_edited_ones_at_the_edge_are_read(tool: FakeMopinion) -> None:
    store, now = store_of(tool), datetime(2026, 5, 11, tzinfo=UTC)
    store.run(now=now)
    tool.feedback[SET] += [row(90, "07"), row(91, "10")]
    tool.feedback[SET][9] = row(10, "10", 3)
    store.run(now=now)

    assert {"90", "91"} <= set(store.newest) and len(store.versions["10"]) == 2


class Exclusive(FakeMopinion):
    """A twin whose doubled modifier leaves out the day itself."""

    def is_within(self, day: str, modifier: str, wanted: str) -> bool:
        return super().is_within(day, modifier[:1], wanted)


class Offset(FakeMopinion):
    """A twin that counts pages from nought."""

    def first_of(self, page: int, limit: int) -> int:
        return page * limit


class Tagless(FakeMopinion):
    """A twin that drops the ids of rows."""

    def told(self, path: str, query: Any) -> Item:
        told = super().told(path, query)
        if path.endswith("/feedback"):
            told["data"] = [{**one, "id": None} for one in told["data"]]
        return told


CHECKS = (check_all_pages_are_read, check_late_and_edited_ones_at_the_edge_are_read)


@pytest.mark.parametrize(
    ("twin", "fails"), [(FakeMopinion, ()), (Exclusive, (1,)), (Offset, (0, 1)), (Tagless, (0, 1))]
)
def test_twins_that_misread_the_documentation_are_noticed(
    small_pages: None, twin: type[FakeMopinion], fails: tuple[int, ...]
) -> None:
    for number, check in enumerate(CHECKS):
        rows = [row(day, f"{day:02}") for day in range(1, 11)]
        with twin(DOCUMENTED["account"]["reports"], {SET: FIELDS}, {SET: rows}, keys=KEYS) as tool:
            if number in fails:
                with pytest.raises((AssertionError, KeyError)):
                    check(tool)
            else:
                check(tool)


def test_a_run_asks_from_three_days_before_and_once_a_day_from_thirty(small_pages: None) -> None:
    may = [datetime(2026, 5, day, 9, tzinfo=UTC) for day in (30, 31)]
    with serving([row(day, f"{day:02}") for day in range(1, 31)]) as tool:
        store = store_of(tool)
        store.run(now=may[0])
        tool.requests.clear()
        store.run(now=may[0])
        assert asked(tool) == [("1", "asc", "2026-05-27")]
        assert len(tool.requests) == 4, "token, account, fields, feedback"
        tool.feedback[SET][2] = row(3, "03", tags=["seen"])
        tool.requests.clear()
        store.run(now=may[1])
        store.run(now=may[1])

    assert [since for page, _, since in asked(tool) if page == "1"] == ["2026-04-30", "2026-05-27"]
    assert len(store.versions["3"]) == 2 and {len(store.versions[str(n)]) for n in range(4, 31)} == {1}


@pytest.mark.parametrize("killed_after", range(1, 6))
def test_killed_anywhere_it_goes_on(small_pages: None, killed_after: int) -> None:
    with serving([row(number, f"{number // 2 + 1:02}") for number in range(1, 16)]) as tool:
        store = store_of(tool)
        store.run(killed_after=killed_after)
        if killed_after > 2:
            assert json.loads(store.cursors[str(SET), "feedback"])["day"]
        tool.feedback[SET].append(row(16, "09"))
        assert store.run() is None

    assert set(store.newest) == {str(number) for number in range(1, 17)}


def test_a_server_that_heeds_no_filter_is_read_from_its_other_end(small_pages: None) -> None:
    with serving([row(number, f"{number:02}") for number in range(1, 31)]) as tool:
        store = store_of(tool)
        store.run(now=datetime(2026, 5, 30, 9, tzinfo=UTC))
        tool.heeds_filters = False
        tool.feedback[SET].append(row(31, "30"))
        tool.requests.clear()
        store.run(now=datetime(2026, 5, 30, 10, tzinfo=UTC))

    assert "31" in store.newest
    assert [(page, order) for page, order, _ in asked(tool)] == [("1", "asc"), ("1", "desc"), ("2", "desc")]


def test_a_backfill_moves_nothing_and_a_future_day_hides_none() -> None:
    with serving([row(1, "01"), row(2, "03"), row(3, "31")]) as tool:
        store = store_of(tool)
        store.run(since=datetime(2026, 5, 3, tzinfo=UTC))
        assert (set(store.newest), store.cursors) == ({"2", "3"}, {})
        store.run()
        tool.feedback[SET].append(row(4, "04"))
        store.run()

    assert "4" in store.newest


def test_labels_and_order_are_no_change_values_and_tags_are() -> None:
    one = row(1, "01", fields=[{"key": "a", "label": "A", "value": ["x", "y"]}, {"key": "b", "value": 2}])
    with serving([one]) as tool:
        store = store_of(tool)
        store.run()
        turned = [{**field, "label": "Another"} for field in one["fields"][::-1]]
        tool.feedback[SET] = [{**one, "fields": turned}]
        store.run()
        assert len(store.versions["1"]) == 1
        tool.feedback[SET] = [{**one, "tags": ["late"]}]
        store.run()

    assert len(store.versions["1"]) == 2
    answers = json.loads(store.newest["1"].payload)["answers"]
    assert [(told["ref"], told["text"], told.get("choice")) for told in answers] == [
        ("a", "x", "x"),
        ("a", "y", "y"),
        ("b", "2", None),
    ]


def test_hidden_fields_feed_the_envelope() -> None:
    fields = [{"key": "k1", "type": "hidden", "label": "Customer", "short_label": "customer_id"}]
    fields += [{"key": "k2", "type": "email", "label": "Adresse"}]
    given = [
        {"key": "k1", "value": "C-7"},
        {"key": "k2", "value": "a@example.com"},
        {"key": "Shop", "value": 17},
    ]
    with serving([row(1, "01", fields=given)], fields) as tool:
        store = store_of(tool, properties=["Shop"])
        store.run()

    one = store.newest["1"]
    assert (one.customer_id, one.email) == ("C-7", "a@example.com")
    assert json.loads(one.payload)["properties"] == {"customer_id": "C-7", "Shop": "17"}


@pytest.mark.parametrize(
    "odd",
    [
        {"fields": None, "tags": None},
        {"fields": 7, "tags": "late"},
        {
            "fields": [None, 7, {"key": None}, {"key": "a"}, {"key": "b", "value": {"x": [1]}}],
            "tags": [None, 3],
        },
        {"created": None},
        {"created": "2026-05-01T10:00:00+02:00", "id": "text"},
        {"note": "😀\u202e\u0000", "more": 12345678901234567890123},
    ],
)
def test_odd_rows_are_responses_all_the_same(odd: Item) -> None:
    with serving([row(1, "01", **odd)]) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 1 and store.rejects == []


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"id": None}, "no id"),
        ({"created": "soon"}, "created is no time"),
        ({"note": "\ud83d"}, "half a sign"),
    ],
)
def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_stay(odd: Item, reason: str) -> None:
    with serving([row(1, "01"), row(2, "01", **odd), row(3, "01")]) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert set(store.newest) == {"1", "3"} and reason in store.rejects[0].reason


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_end_as_the_tool_says(small_pages: None, seed: int) -> None:
    """Feedback comes, late by up to three days, is tagged; runs are killed at random pages."""
    chance, day, number = random.Random(seed), 1, 0
    with serving([]) as tool:
        store, rows = store_of(tool), tool.feedback[SET]
        for _ in range(chance.randint(5, 9)):
            day += chance.randint(0, 3)
            for _ in range(chance.randint(0, 9)):
                number += 1
                rows.append(row(number, f"{max(day - chance.choice((0, 0, 1, 3)), 1):02}"))
            if rows and chance.random() < 0.5:
                place = chance.randrange(len(rows))
                rows[place] = {**rows[place], "tags": [f"seen {number}"]}
            now = datetime(2026, 5, day, 9, tzinfo=UTC)
            store.run(now=now, killed_after=chance.choice((None, None, 1, 2, 3, 4)))
        assert store.run(now=datetime(2026, 5, day + 1, 9, tzinfo=UTC)) is None

    kept = {key: json.loads(one.payload)["feedback"] for key, one in store.newest.items()}
    assert kept == {str(one["id"]): one for one in rows}


# ---------------------------------------------------------------- refusals


def test_gone_is_a_warning_refused_fails_and_a_report_stands_for_its_datasets() -> None:
    with serving([row(1, "01")]) as tool:
        tool.fields[7] = []
        tool.forbidden = {7}
        store = store_of(tool, surveys=["999", "7", "4210"])
        error = store.run()

    assert "HTTP 403" in str(error) and "access group" in str(error)
    assert set(store.newest) == {"1"} and "/datasets/999/fields" in store.warnings[0]


@pytest.mark.parametrize("meta", [{"hasMore": True}, {"has_more": True, "total": 2}])
def test_pages_that_repeat_end_that_dataset(small_pages: None, meta: Item) -> None:
    with serving([row(number, "01") for number in range(1, 5)]) as tool:
        told = tool.told

        def repeated(path: str, query: Any) -> Item:
            found = told(path, {**query, "page": "1"})
            return {**found, "_meta": meta} if path.endswith("/feedback") else found

        tool.told = repeated  # type: ignore[method-assign]
        error = store_of(tool).run()

    assert "its pages repeat" in str(error)


def test_a_page_that_says_nothing_of_the_next_ends_when_it_is_not_full(small_pages: None) -> None:
    with serving([row(number, "01") for number in range(1, 11)]) as tool:
        told = tool.told
        tool.told = lambda path, query: {**told(path, query), "_meta": None}  # type: ignore[method-assign]
        store = store_of(tool)
        assert store.run() is None

    assert len(store.newest) == 10


def test_it_is_down_and_back(clock: Clock) -> None:
    with serving([row(1, "01")], requests_per_second=4) as tool:

        def hang_up(handler: BaseHTTPRequestHandler) -> bool:
            handler.close_connection = True
            return "/feedback" in handler.path

        tool.fault = hang_up
        store = store_of(tool)
        error = store.run(patience=clock.patience(tries=2))
        tool.fault = None
        assert store.run() is None

    assert "asked 2 times" in str(error) and set(store.newest) == {"1"}
