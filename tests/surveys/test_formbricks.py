"""Formbricks: nothing is lost, nothing comes twice, whatever changes while it is read."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from demo.tools.formbricks import FakeFormbricks, instant
from demo.tools.local import Faulty
from flows.surveys.formbricks import walk as walking

from .collecting import NOW, Item, Store
from .conftest import Clock

KEY = "fbk_s3cret+/="
SURVEY = "cm9pz0aa10001la08q2wse4rt"
SAMPLES = Path(__file__).parent / "samples"
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)


def survey(survey_id: str = SURVEY, **more: Any) -> Item:
    return {"id": survey_id, "name": "How?", "updatedAt": "2026-04-20T10:00:00.000Z", "questions": [], **more}


def said(response_id: str, at: datetime, **more: Any) -> Item:
    text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    usual = {"id": response_id, "surveyId": SURVEY, "finished": True, "data": {"nps": 9}}
    return {**usual, "createdAt": text, "updatedAt": text, **more}


def many(count: int, step: int = 60, **more: Any) -> list[Item]:
    """Give responses, one every so many seconds."""
    return [said(f"r{n:04}", BEGAN + timedelta(seconds=n * step), **more) for n in range(count)]


def tied(count: int) -> list[Item]:
    """Give responses that all changed in one instant, as when a program touched them."""
    made = [f"{BEGAN - timedelta(days=n):%Y-%m-%dT%H:%M:%S}.000Z" for n in range(count)]
    return [said(f"t{n}", BEGAN, createdAt=at) for n, at in enumerate(made)]


@contextmanager
def serving(
    items: list[Item],
    surveys: list[Item] | None = None,
    fault: Faulty | None = None,
    kind: type[FakeFormbricks] = FakeFormbricks,
) -> Iterator[tuple[FakeFormbricks, Store]]:
    with kind(surveys or [survey()], items, KEY, fault=fault) as tool:
        yield tool, Store.of(tool, tool="formbricks", token=KEY)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "SIZE", 4)


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def instead(path: str, body: bytes, status: int = 200) -> Faulty:
    return lambda handler: path in handler.path and reply(handler, body, status)


def asked_of(tool: FakeFormbricks) -> list[str]:
    return [path for path in tool.requests if "/v2/" in path]


# ---------------------------------------------------------------- what is read


def test_the_samples_of_the_documentation() -> None:
    page = (SAMPLES / "formbricks_page.json").read_bytes()
    definition = (SAMPLES / "formbricks_survey.json").read_bytes()
    with serving([], [json.loads(definition)["data"]], instead("/v2/", page)) as (tool, store):
        tool.surveys[SURVEY]["name"] = "Post-purchase"
        assert store.run() is None

    done, left = (store.newest[item["id"]] for item in json.loads(page)["data"])
    assert (done.customer_id, done.email, done.language) == ("u-77", "ann@example.com", "de")
    assert (done.is_complete, done.submitted_at) == (True, datetime(2026, 5, 4, 8, 31, 12, 874000, UTC))
    assert (left.is_complete, left.customer_id, left.language) == (False, None, None)
    assert left.submitted_at == datetime(2026, 5, 4, 9, 2, 41, 500000, UTC)
    assert done.payload in page and left.payload in page, "kept exactly as they came"
    assert json.loads(store.definitions[0].payload) == json.loads(definition)["data"]
    assert (store.rejects, store.warnings) == ([], [])


def test_older_and_newer_shapes_of_a_response() -> None:
    v1 = said("v1", BEGAN, contact={"id": "c1", "userId": "u-1"}, tags=[{"id": "t", "name": "vip"}])
    old = said(
        "old", BEGAN, person={"id": "p1"}, personAttributes={"email": "o@example.com"}, finished="true"
    )
    hidden = said("hidden", BEGAN, data={"customer_id": 17, "language": "nonsense!"}, language="pt-BR")
    with serving([v1, old, hidden]) as (_, store):
        store.run()
    kept = store.newest

    assert [kept[name].customer_id for name in ("v1", "old", "hidden")] == ["u-1", "p1", "17"]
    assert (kept["old"].email, kept["old"].is_complete, kept["hidden"].language) == (
        "o@example.com",
        True,
        "pt-BR",
    )


def test_surveys_are_listed_over_pages_or_named_and_a_gone_one_is_a_warning() -> None:
    surveys = [survey(f"s{n:03}") for n in range(120)]
    with serving([said("r", BEGAN, surveyId="s119")], surveys) as (tool, store):
        assert store.run() is None
        assert len({one.survey_id for one in store.definitions}) == 120
        tool.requests.clear()
        store.run()
        assert not [path for path in tool.requests if "/surveys/" in path], (
            "unchanged ones are not read again"
        )
        tool.surveys["s119"] = survey("s119", name="Else", updatedAt="2026-05-02T10:00:00.000Z")
        store.run()
        assert store.definitions[-1].survey_id == "s119"
        named = Store.of(tool, tool="formbricks", token=KEY, surveys=["gone", "s119"])
        assert named.run() is None

    assert list(named.newest) == ["r"] and "gone" in named.warnings[0] and "404" in named.warnings[0]


def test_base_url_may_hold_the_version() -> None:
    with serving(many(2)) as (tool, store):
        store.changed(base_url=f"{tool.url}/api/v2/").run()

        assert len(store.versions) == 2


# ---------------------------------------------------------------- what is new


def check_all_is_read(tool: FakeFormbricks, store: Store) -> None:
    assert store.run() is None
    assert set(store.versions) == {item["id"] for item in tool.responses}


def check_a_late_answer_at_the_edge_is_read(tool: FakeFormbricks, store: Store) -> None:
    """What is committed late, dated just an hour before the last change known, must still be read."""
    store.run()
    last = max(instant(item["updatedAt"]) for item in tool.responses)
    tool.responses.append(said("late", last - timedelta(hours=1)))
    store.run()
    assert "late" in store.versions


def check_names_and_times_are_told(tool: FakeFormbricks, store: Store) -> None:
    store.run()
    assert store.rejects == [] and all(one.submitted_at for one in store.newest.values())


class Exclusive(FakeFormbricks):
    """Leave out what changed at startDate itself."""

    def between(self, query: Any) -> list[Item]:
        start = query.get("startDate")
        return [
            item
            for item in super().between(query)
            if not start or instant(item["updatedAt"]) > instant(start)
        ]


class OffByOne(FakeFormbricks):
    """Begin each page behind the first one a record too late."""

    def page(self, query: Any) -> list[Item]:
        late = "skip" in query and int(query["skip"]) > 0
        return super().page({**query, "skip": str(int(query["skip"]) + 1)} if late else query)


class Dropping(FakeFormbricks):
    """Tell no time of change."""

    def page(self, query: Any) -> list[Item]:
        dropped = ("updatedAt", "createdAt")
        return [{k: v for k, v in item.items() if k not in dropped} for item in super().page(query)]


Check = Callable[[FakeFormbricks, Store], None]
TWINS: list[tuple[Check, type[FakeFormbricks], list[Item]]] = [
    (check_a_late_answer_at_the_edge_is_read, Exclusive, many(3)),
    (check_all_is_read, OffByOne, tied(11)),
    (check_names_and_times_are_told, Dropping, many(3)),
]


@pytest.mark.parametrize(("check", "twin", "items"), TWINS)
def test_a_tool_that_behaves_otherwise_is_noticed(
    small_pages: None, check: Check, twin: type[FakeFormbricks], items: list[Item]
) -> None:
    with serving(list(items)) as (tool, store):
        check(tool, store)
    with serving(list(items), kind=twin) as (tool, store), pytest.raises(AssertionError):
        check(tool, store)


def test_a_second_run_asks_once_and_a_page_only_where_something_is_new() -> None:
    with serving(many(600)) as (tool, store):
        check_all_is_read(tool, store)
        assert len(asked_of(tool)) == 3
        tool.requests.clear()
        tool.responses.append(said("new", BEGAN + timedelta(days=2)))
        check_all_is_read(tool, store)
        assert [path.split("?")[0] for path in tool.requests] == [
            "/api/v1/management/surveys",
            "/api/v2/management/responses",
        ]
        tool.responses += [said(f"n{n}", BEGAN + timedelta(days=3)) for n in range(300)]
        check_all_is_read(tool, store)
        assert {len(versions) for versions in store.versions.values()} == {1}


def test_partial_then_complete_then_edited_and_another_order_is_no_change() -> None:
    left = said("a", BEGAN, finished=False, data={"nps": 3}, ttc={"nps": 3120})
    with serving([left]) as (tool, store):
        store.run()
        tool.responses[0] = said("a", BEGAN + timedelta(hours=2), data={"nps": 3, "why": "slow"})
        store.run()
        turned = {**tool.responses[0], "data": {"why": "slow", "nps": 3}, "ttc": {"_total": 9.5}, "tags": []}
        tool.responses[0] = dict(reversed(turned.items()))
        store.run()
        assert [one.is_complete for one in store.versions["a"]] == [False, True]
        tool.responses[0] = said("a", BEGAN + timedelta(days=2), data={"nps": 4, "why": "slow"})
        store.run()

    assert len(store.versions["a"]) == 3


def test_what_changes_while_paging_is_met_again(small_pages: None) -> None:
    with serving(many(40)) as (tool, store):

        def stir(_: BaseHTTPRequestHandler) -> bool:
            number = len(tool.requests)
            if number < 12:
                moved = tool.responses.pop(0)
                tool.responses.append(
                    said(moved["id"], BEGAN + timedelta(days=1, minutes=number), data={"n": 1})
                )
            return False

        tool.fault = stir
        check_all_is_read(tool, store)


@pytest.mark.parametrize("killed_after", [0, 1, 2, 5, 8])
def test_killed_anywhere_it_goes_on(small_pages: None, killed_after: int) -> None:
    with serving([*many(20, step=3600), *tied(9)]) as (tool, store):
        store.run(killed_after=killed_after)
        tool.requests.clear()
        check_all_is_read(tool, store)

        assert {len(versions) for versions in store.versions.values()} == {1}
        assert killed_after < 5 or "startDate" in asked_of(tool)[0], "it does not begin anew"


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(n, marks=pytest.mark.prove) for n in range(4, 400))]
)
def test_random_histories_end_as_the_tool_says(small_pages: None, seed: int) -> None:
    """Answers begin, end, are edited; runs come at random times and are killed at random pages."""
    chance, now = random.Random(seed), BEGAN
    with serving([]) as (tool, store):
        for number in range(chance.randint(10, 60)):
            now += timedelta(seconds=chance.randint(0, 3000))
            is_edit = bool(tool.responses) and chance.random() < 0.4
            old = tool.responses.pop(chance.randrange(len(tool.responses))) if is_edit else None
            told = said(
                old["id"] if old else f"r{number}", now, data={"n": number}, finished=chance.random() < 0.6
            )
            tool.responses.append({**told, "createdAt": (old or told)["createdAt"]})
            if chance.random() < 0.2:
                store.run(now=now, killed_after=chance.choice((None, None, 0, 1, 2, 3, 5)))
        assert store.run(now=now) is None
        there = {one["id"]: (one["finished"], one["data"]) for one in tool.responses}

    kept = {key: json.loads(one.payload) for key, one in store.newest.items()}
    assert {key: (one["finished"], one["data"]) for key, one in kept.items()} == there


def test_a_change_dated_in_the_future_hides_no_other() -> None:
    with serving([said("future", NOW + timedelta(days=900)), said("a", BEGAN)]) as (tool, store):
        store.run()
        tool.responses.append(said("b", NOW))
        check_all_is_read(tool, store)


def test_backfill_reads_from_a_date_and_moves_no_cursor() -> None:
    with serving(many(10, step=86400)) as (_, store):
        store.cursors[SURVEY, "responses"] = NOW.isoformat()
        before = dict(store.cursors)
        store.run(since=BEGAN + timedelta(days=7))

    assert (set(store.versions), store.cursors) == ({"r0007", "r0008", "r0009"}, before)


# ---------------------------------------------------------------- faults


def test_what_cannot_be_understood_is_set_aside_whole_and_its_neighbours_stay() -> None:
    good = json.dumps(said("good", BEGAN)).encode()
    bad = [
        good.replace(b'"good"', b'"b", "x": "\\ud83d"'),
        b'"text"',
        b'{"updatedAt": "2026-05-04T10:00:00Z"}',
        good.replace(b"2026-05-01", b"2026-05-41"),
    ]
    body = b'{"data": [%s]}' % b", ".join([*bad, good])
    with serving([], fault=instead("/v2/", body)) as (_, store):
        assert store.run() is None

    assert [one.payload for one in store.rejects] == bad and list(store.versions) == ["good"]


def test_pages_that_do_not_lead_on_end_that_survey_alone(small_pages: None) -> None:
    repeated = json.dumps({"data": many(4)}).encode()
    fault = instead(f"surveyId={SURVEY}", repeated)
    with serving([said("other", BEGAN, surveyId="second")], [survey(), survey("second")], fault) as (
        _,
        store,
    ):
        error = store.run()

    assert "does not lead on" in str(error) and SURVEY in str(error)
    assert set(store.versions) == {"r0000", "r0001", "r0002", "r0003", "other"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/", 401, "wrong key and for a missing right"),
        ("/v1/management/surveys/", 403, "right to read"),
        ("/v2/", 404, "older than that"),
        ("/v2/", 400, "HTTP 400"),
    ],
)
def test_a_refusal_is_said_with_its_mend_and_without_the_key(path: str, status: int, words: str) -> None:
    echo = json.dumps({"error": {"code": status, "message": f"no {KEY} here"}}).encode()
    with serving(many(2), fault=instead(path, echo, status)) as (_, store):
        error = store.run()

    said_all = "".join(traceback.format_exception(error)) if error else ""
    assert words in said_all and KEY not in said_all + repr(store.warnings)


def test_a_limit_without_a_word_is_waited_for_a_minute_and_a_wrong_or_missing_key_named(clock: Clock) -> None:
    with serving(many(2)) as (tool, store):
        tool.fault = lambda _: len(tool.requests) == 2 and reply(_, b'{"code": "too_many_requests"}', 429)
        assert store.run(patience=clock.patience()) is None
        assert clock.slept == [60.5] and len(store.versions) == 2
        assert "HTTP 401" in str(store.changed(token="other").run())
        assert "has no token" in str(store.changed(token=" ").run())


def test_a_page_too_large_comes_in_smaller_ones_and_a_broken_one_again(clock: Clock) -> None:
    with serving(many(40, data={"x": "a" * 1000})) as (tool, store):
        assert store.run(patience=clock.patience(largest=20_000)) is None
        assert len(store.versions) == 40
        store.cursors.clear()
        tool.fault = lambda handler: len(tool.requests) % 2 == 0 and reply(handler, b'{"data": [{"id"')
        tool.requests.clear()
        assert store.run(patience=clock.patience()) is None
