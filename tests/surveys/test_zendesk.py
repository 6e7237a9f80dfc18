"""Zendesk: both models are read, a changed rating is a version, an answer that comes weeks later is met."""

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
from urllib.parse import unquote

import pytest

from demo.tools.local import Faulty
from demo.tools.zendesk import FakeZendesk, ulid
from flows.configuration import Source
from flows.surveys.zendesk import answers, pages, ratings

from .collecting import Item, Store
from .conftest import Clock

SAMPLES = Path(__file__).parent / "samples"
TOKEN, EMAIL = "zd_s3cret+/=", "admin@acme.example"
NOW, DAY = datetime(2026, 5, 5, tzinfo=UTC), timedelta(days=1)
BEGAN = datetime(2026, 5, 1, tzinfo=UTC)
SURVEY = "01J58KJ9RAE0D2EK7HRVM7Z8F2"


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def rated(number: int, ticket: int, moment: datetime, score: str = "good", **more: Any) -> Item:
    time = at(moment)
    told = {"id": number, "ticket_id": ticket, "requester_id": 7, "score": score}
    return {**told, "comment": "", "created_at": time, "updated_at": time, **more}


def answer(made: datetime, given: datetime | None, number: int = 0, rating: int = 4) -> Item:
    """Give what was sent with a ticket, and was answered later, or not yet."""
    one = {"type": "rating_scale", "rating": rating, "question": {"id": "q"}}
    times = {"created_at": at(given), "updated_at": at(given)} if given else {}
    return {
        "id": ulid(made, number),
        "responder_id": 7,
        "subjects": [{"id": "99", "type": "ticket"}],
        "survey": {"id": SURVEY, "state": "enabled", "version": 3},
        "answers": [{**one, **times}] if given else [],
    }


def many(count: int) -> list[Item]:
    return [rated(number, number, BEGAN + timedelta(minutes=number)) for number in range(count)]


def store_of(tool: FakeZendesk, **more: Any) -> Store:
    told = {"name": "help", "tool": "zendesk", "email": EMAIL, "token": TOKEN, "base_url": tool.url, **more}
    return Store(Source(**told), ask=pages)


@contextmanager
def serving(fault: Faulty | None = None, **more: Any) -> Iterator[FakeZendesk]:
    with FakeZendesk(email=EMAIL, token=TOKEN, fault=fault, **more) as tool:
        yield tool


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def of(part: str, body: bytes, status: int = 200) -> Faulty:
    return lambda handler: part in unquote(handler.path) and reply(handler, body, status)


def asked_of(tool: FakeZendesk, part: str) -> list[str]:
    return [unquote(path) for path in tool.requests if part in path]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "_SIZE", 4)
    monkeypatch.setattr(answers, "_SIZE", 4)


# ---------------------------------------------------------------- what is read


def test_the_samples_of_the_documentation() -> None:
    page, told, surveys = ((SAMPLES / f"zendesk_{name}.json").read_bytes() for name in
                           ("ratings", "answers", "surveys"))  # fmt: skip
    bodies = {"/satisfaction_ratings": page, "/survey_responses": told, "/surveys?": surveys}

    def sampled(handler: BaseHTTPRequestHandler) -> bool:
        if "after" in handler.path:
            return reply(handler, b'{"satisfaction_ratings": [], "meta": {"has_more": false}}')
        return any(of(part, body)(handler) for part, body in bodies.items())

    users = [{"id": 7881, "email": "ann@example.com", "locale": "pt-BR", "external_id": "C-1"}]
    tickets = [{"id": 99, "via": {"channel": "chat"}}]
    with serving(sampled, users=users, tickets=tickets) as tool:
        store = store_of(tool)
        assert store.run() is None

    one, other = store.newest["208"], store.newest["01J1WB51MG6HXTYWE6Q0C93RNW"]
    assert (one.survey_id, one.customer_id, one.email) == ("satisfaction_ratings", "C-1", "ann@example.com")
    assert (one.language, one.channel, one.payload in page) == ("pt-BR", None, True)
    assert (other.survey_id, other.customer_id, other.channel) == (SURVEY, "4398080151295", "chat")
    assert one.submitted_at == other.submitted_at == datetime(2026, 5, 4, 10, 31, 12, tzinfo=UTC)
    assert other.payload in told and store.definitions[0].payload in surveys
    assert (store.rejects, store.warnings) == ([], [])


def test_all_is_read_over_pages_and_the_next_run_asks_for_a_day(small_pages: None) -> None:
    items = many(30)
    with serving(ratings=items, users=[{"id": 7}]) as tool:
        store = store_of(tool)
        assert store.run(now=NOW) is None
        assert set(store.versions) == {str(number) for number in range(30)}
        tool.ratings = items = [*items, rated(99, 99, NOW)]
        tool.requests.clear()
        assert store.run(now=NOW + DAY) is None

        [first, *_] = asked_of(tool, "satisfaction_ratings")
        since = BEGAN + timedelta(minutes=29) - DAY
        assert f"start_time={int(since.timestamp())}" in first and "99" in store.versions
        assert {len(kept) for kept in store.versions.values()} == {1}


def test_what_was_not_answered_is_no_response() -> None:
    items = [rated(1, 1, BEGAN, "offered"), rated(2, 2, BEGAN, "bad")]
    with serving(ratings=items, answers=[answer(BEGAN, None, 1), answer(BEGAN, BEGAN, 2)]) as tool:
        store = store_of(tool)
        store.run()

    assert set(store.versions) == {"2", ulid(BEGAN, 2)}


# ---------------------------------------------------------------- what is new


def test_a_rating_that_is_changed_is_a_version_and_never_comes_back() -> None:
    first, second = rated(1, 5, BEGAN, "good"), rated(2, 5, BEGAN + timedelta(hours=1), "bad")
    with serving(ratings=[first]) as tool:
        store = store_of(tool)
        store.run()
        tool.ratings.append(second)
        for hours in range(3):
            store.run(now=NOW + timedelta(hours=hours))

    assert [json.loads(one.payload)["score"] for one in store.versions["5"]] == ["good", "bad"]


@pytest.mark.parametrize("seed", range(8))
def test_random_ratings_end_with_the_newest_of_each_ticket(small_pages: None, seed: int) -> None:
    chance, moment, newest = random.Random(seed), BEGAN, dict[str, str]()
    with serving() as tool:
        store = store_of(tool)
        for number in range(60):
            moment += timedelta(minutes=chance.choice((1, 30, 600)))
            one = rated(number, chance.randrange(12), moment, chance.choice(("good", "bad")))
            tool.ratings.append(one)
            newest[str(one["ticket_id"])] = one["score"]
            if chance.random() < 0.3:
                store.run(now=moment, killed_after=chance.choice((None, 0, 1, 2, 4)))
        assert store.run(now=moment) is None
        told = {ticket: json.loads(one.payload)["score"] for ticket, one in store.newest.items()}
        counts = {ticket: len(kept) for ticket, kept in store.versions.items()}
        store.run(now=moment)

    assert told == newest
    assert counts == {ticket: len(kept) for ticket, kept in store.versions.items()}


def check_an_answer_that_comes_weeks_later_is_met(tool: FakeZendesk) -> None:
    store = store_of(tool)
    store.run(now=BEGAN + DAY)
    tool.answers[0] = answer(BEGAN, BEGAN + 29 * DAY)
    store.run(now=BEGAN + 30 * DAY)
    assert ulid(BEGAN) in store.versions
    tool.answers[0] = answer(BEGAN, BEGAN + 29 * DAY, rating=1)
    store.run(now=BEGAN + 30 * DAY)
    assert len(store.versions[ulid(BEGAN)]) == 2


def check_all_pages_are_read(tool: FakeZendesk) -> None:
    store = store_of(tool)
    store.run()
    assert set(store.versions) == {str(one["ticket_id"]) for one in tool.ratings}


def test_an_answer_that_comes_weeks_later_is_met() -> None:
    with serving(answers=[answer(BEGAN, None)]) as tool:
        check_an_answer_that_comes_weeks_later_is_met(tool)
        starts = [path for path in asked_of(tool, "survey_responses") if "created_at_start" in path]
        milliseconds = int((BEGAN - 29 * DAY).timestamp() * 1000)
        assert f"filter[created_at_start]={milliseconds}" in starts[0], "milliseconds, not seconds"


def in_seconds(real: Callable[..., Any]) -> Callable[..., Any]:
    """Make a twin that reads the newer model's times as the older one's."""
    return lambda query, name: value * 1000 if (value := real(query, name)) and "[" in name else value


def off_by_one(real: Callable[..., Item]) -> Callable[..., Item]:
    def twin(name: str, items: list[Item], query: Mapping[str, str]) -> Item:
        page = real(name, items, query)
        return {**page, name: page[name][1:]} if "page[after]" in query else page

    return twin


def without_more(real: Callable[..., Item]) -> Callable[..., Item]:
    def twin(name: str, items: list[Item], query: Mapping[str, str]) -> Item:
        return {**real(name, items, query), "meta": {}}

    return twin


@pytest.mark.parametrize(
    ("part", "mutated", "check"),
    [
        ("seconds", in_seconds, check_an_answer_that_comes_weeks_later_is_met),
        ("page", off_by_one, check_all_pages_are_read),
        ("page", without_more, check_all_pages_are_read),
    ],
)
def test_a_tool_that_speaks_otherwise_is_noticed(
    small_pages: None, part: str, mutated: Callable[..., Any], check: Callable[[FakeZendesk], None]
) -> None:
    with serving(ratings=many(9), answers=[answer(BEGAN, None)]) as tool:
        setattr(tool, part, mutated(getattr(tool, part)))
        with pytest.raises(AssertionError):
            check(tool)


def test_order_and_state_are_no_change_and_backfill_moves_no_cursor() -> None:
    two = {**answer(BEGAN, BEGAN), "answers": [{"type": "open_ended", "value": "a"}, {"type": "skipped"}]}
    two["answers"] = [{**one, "created_at": at(BEGAN)} for one in two["answers"]]
    with serving(answers=[two]) as tool:
        store = store_of(tool)
        store.run()
        before = dict(store.cursors)
        turned = {**two, "answers": two["answers"][::-1], "expires_at": "x"}
        tool.answers[0] = {**turned, "survey": {**two["survey"], "state": "disabled"}}
        store.run(since=BEGAN)

    assert {len(kept) for kept in store.versions.values()} == {1} and store.cursors == before


# ---------------------------------------------------------------- refusals and faults


@pytest.mark.parametrize("missing", ["satisfaction_ratings", "guide/"])
def test_an_account_has_one_model_or_the_other(missing: str) -> None:
    refuse = of(missing, b'{"error": {"title": "Forbidden", "message": "not on your plan"}}', 403)
    with serving(refuse, ratings=many(2), answers=[answer(BEGAN, BEGAN)]) as tool:
        store = store_of(tool)
        assert store.run() is None
        assert len(store.versions) == (1 if missing == "satisfaction_ratings" else 2) and not store.warnings
        tool.fault = of("", b'{"error": {"title": "Forbidden", "message": "not on your plan"}}', 403)
        assert "HTTP 403 (not on your plan)" in str(store.run())
        assert "administrators" in str(store_of(tool).run())


def test_who_answered_may_stay_unknown() -> None:
    with serving(of("/users/", b"{}", 403), ratings=many(2)) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert store.newest["1"].customer_id == "7" and store.newest["1"].email is None
    assert len(store.warnings) == 1 and "/users/show_many" in store.warnings[0]


def test_named_surveys_alone_are_read() -> None:
    with serving(ratings=many(2), answers=[answer(BEGAN, BEGAN)], surveys=[{"id": SURVEY}]) as tool:
        old, new = store_of(tool, surveys=["satisfaction_ratings"]), store_of(tool, surveys=[SURVEY, "gone"])
        assert old.run() is None and new.run() is None

    assert set(old.versions) == {"0", "1"} and not old.definitions
    assert set(new.versions) == {ulid(BEGAN)} and "no survey gone" in new.warnings[0]


BAD = {
    "half an emoji": (b'{"id": 1, "score": "good", "comment": "\\ud83d"}', "lone surrogate"),
    "no time": (b'{"id": 1, "score": "good", "created_at": "yesterday"}', "created_at is no time"),
    "no id": (b'{"score": "bad"}', "neither ticket_id nor id"),
    "text": (b'"good"', "no JSON object"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_stay(what: str) -> None:
    raw, reason = BAD[what]
    good = json.dumps(rated(9, 9, BEGAN)).encode()
    body = b'{"satisfaction_ratings": [%b, %b], "meta": {"has_more": false}}' % (raw, good)
    with serving(of("/satisfaction_ratings", body)) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert store.newest["9"].payload == good
    assert [(one.payload, reason in one.reason) for one in store.rejects] == [(raw, True)]


def test_a_list_that_does_not_lead_on_ends_that_model_alone() -> None:
    cursors = iter("abcabcabc")

    def circle(handler: BaseHTTPRequestHandler) -> bool:
        meta = {"has_more": True, "after_cursor": next(cursors, "") if "satis" in handler.path else ""}
        body = json.dumps({"satisfaction_ratings": many(3), "meta": meta}).encode()
        return of("/satisfaction_ratings", body)(handler)

    with serving(circle, answers=[answer(BEGAN, BEGAN)]) as tool:
        store = store_of(tool)
        error = store.run()

    assert "/satisfaction_ratings does not lead on" in str(error) and len(store.versions) == 4


def test_a_tool_that_is_down_or_busy_keeps_what_was_read(small_pages: None, clock: Clock) -> None:
    with serving(ratings=many(20)) as tool:
        tool.fault = lambda asked: "after%5D=12" in asked.path and reply(asked, b"<html>", 503)
        store = store_of(tool)
        assert "HTTP 503" in str(store.run(patience=clock.patience())) and len(store.versions) == 12
        waits = iter([0.5])
        tool.fault, tool.wait_seconds = None, lambda: next(waits, 0.0)  # type: ignore[method-assign]
        clock.slept.clear()
        assert store.run(patience=clock.patience()) is None and clock.slept == [1.5]

    assert len(store.versions) == 20 and {len(kept) for kept in store.versions.values()} == {1}


def test_doors_and_addresses() -> None:
    with serving(ratings=many(1)) as tool:
        for more in ({}, {"base_url": f"{tool.url}/api/v2/"}, {"email": None}):
            store = store_of(tool, **more)
            assert store.run() is None and len(store.versions) == 1
        wrong = str(store_of(tool, token="zd_other").run())
        assert "HTTP 401 (Couldn't authenticate you)" in wrong and "zd_other" not in wrong
        assert "has no token" in str(store_of(tool, token="").run())
        assert "subdomain is 'a.b/c'" in str(store_of(tool, base_url=None, subdomain="a.b/c").run())


def test_the_secret_is_in_no_sentence(clock: Clock) -> None:
    with serving(ratings=many(2)) as tool:
        for status in (400, 401, 403, 404, 422, 500):

            def echo(handler: BaseHTTPRequestHandler, status: int = status) -> bool:
                told = f"{TOKEN} {handler.headers['Authorization']} is odd"
                return reply(handler, json.dumps({"error": told}).encode(), status)

            tool.fault = echo
            error = store_of(tool).run(patience=clock.patience(budget=10))
            said = "".join(traceback.format_exception(error)) if error else ""
            packed = str(error).partition("Basic ")[2]
            assert TOKEN not in said and packed.startswith("***") and "is odd" in said
