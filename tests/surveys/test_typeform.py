"""Typeform: nothing is lost, nothing comes twice, whatever is in its pages."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import demo.tools.typeform_paging
from demo.tools.local import Faulty
from demo.tools.typeform import FakeTypeform
from flows.records import SourceError
from flows.surveys.asked import Asked
from flows.surveys.pace import Pace
from flows.surveys.typeform import pages, walk
from tests.warehouse.landings import NOW, land, rows

from .collecting import FORM, NEVER, TOKEN, Item, Store, asked_of, completed, form, left
from .conftest import Clock

REFERENCE = Path(__file__).parent / "samples"


@contextmanager
def serving(
    items: list[Item] | Mapping[str, list[Item]],
    *,
    fault: Faulty | None = None,
    forms: list[Item] | None = None,
) -> Iterator[FakeTypeform]:
    responses = items if isinstance(items, Mapping) else {FORM: items}
    with FakeTypeform(forms or [form()], responses, TOKEN, fault=fault) as tool:
        yield tool


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "SIZE", 4)


def many(count: int, begin: datetime = datetime(2026, 5, 1, tzinfo=UTC), **more: Any) -> list[Item]:
    """Give completed items, one a minute."""
    return [
        completed(f"t{number:05}", f"{begin + timedelta(minutes=number):%dT%H:%M:%S}", **more)
        for number in range(count)
    ]


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> bool:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
    return True


def page_of(*items: bytes) -> bytes:
    return b'{"total_items": %d, "page_count": 1, "items": [%s]}' % (len(items), b", ".join(items))


def told_instead(body: bytes) -> Faulty:
    """Answer the list of completed responses with this body."""
    return lambda handler: "response_type=completed" in handler.path and reply(handler, body)


# ---------------------------------------------------------------- what is read


def test_all_is_read_over_pages_and_a_second_run_changes_nothing() -> None:
    items = many(2500)
    with serving(items) as tool:
        store = Store.of(tool)
        assert store.run() is None
        assert set(store.versions) == {item["token"] for item in items}
        assert ["before" in path for path in asked_of(tool)] == [False, True, True]
        before = dict(store.cursors)

        assert store.run() is None
        assert {len(versions) for versions in store.versions.values()} == {1}
        assert store.cursors == before


def test_an_exact_page_is_not_the_end(small_pages: None) -> None:
    with serving(many(8)) as tool:
        store = Store.of(tool)
        store.run()

        assert len(store.versions) == 8


def test_a_page_cut_short_by_the_tool_is_not_the_end(small_pages: None) -> None:
    with serving(many(10)) as tool:
        answer = tool.told
        tool.told = lambda path, query: _shortened(answer(path, query))  # type: ignore[method-assign]
        store = Store.of(tool)
        store.run()

        assert len(store.versions) == 10


def _shortened(body: Item) -> Item:
    return {**body, "items": body["items"][:2]} if "items" in body else body


def test_the_sample_of_the_documentation() -> None:
    page = (REFERENCE / "typeform_page.json").read_bytes()
    definition = json.loads((REFERENCE / "typeform_form.json").read_bytes())
    with serving([], fault=told_instead(page), forms=[definition]) as tool:
        store = Store.of(tool)
        assert store.run() is None

    one, other = (store.newest[item["token"]] for item in json.loads(page)["items"])
    assert (one.customer_id, one.email) == ("C-1042", "ana@example.com")
    assert one.submitted_at == datetime(2026, 5, 4, 9, 15, 41, tzinfo=UTC)
    assert (other.customer_id, other.email, other.is_complete) == (None, None, True)
    assert one.payload in page and other.payload in page, "kept exactly as they came"
    assert [found.survey_id for found in store.definitions] == ["aB3dE5fG"]
    assert json.loads(store.definitions[0].payload)["fields"] == definition["fields"]
    assert (store.rejects, store.warnings) == ([], [])


def test_forms_are_listed_over_pages_or_named() -> None:
    ids = [f"form{number}" for number in range(401)]
    with serving({ids[-1]: many(2)}, forms=[form(one) for one in ids]) as tool:
        whole = Store.of(tool)
        whole.run()
        named = Store.of(tool, surveys=[ids[-1], ids[-1]])
        named.run()

    assert [found.survey_id for found in whole.definitions] == ids
    assert [found.survey_id for found in named.definitions] == ids[-1:]
    assert len(whole.versions) == len(named.versions) == 2


def test_a_definition_is_the_same_until_it_asks_something_else() -> None:
    with serving([]) as tool:
        store = Store.of(tool)
        store.run()
        tool.definitions[FORM]["_links"] = {"display": "elsewhere"}
        store.run()
        tool.definitions[FORM]["title"] = "Another"
        store.run()
    first, second, third = (found.content_hash for found in store.definitions)

    assert first == second != third


# ---------------------------------------------------------------- what is new


def check_a_late_answer_at_the_edge_is_read(tool: FakeTypeform) -> None:
    """The watermark is 4 May 10:00; what turns up late at just a day before it must still be read."""
    store = Store.of(tool)
    store.run()
    tool.responses[FORM].append(completed("late", "03T10:00:00"))
    store.run()

    assert "late" in store.versions


def check_all_pages_are_read(tool: FakeTypeform) -> None:
    store = Store.of(tool)
    store.run()

    assert set(store.versions) == {item["token"] for item in tool.responses[FORM]}


EDGE = [completed("old", "01T00:00:00"), completed("newest", "04T10:00:00")]


def test_the_window_reaches_back_a_day_and_includes_its_edge() -> None:
    with serving(EDGE) as tool:
        check_a_late_answer_at_the_edge_is_read(tool)
        assert "since=2026-05-03T10%3A00%3A00" in asked_of(tool)[-1]


def test_a_tool_with_another_edge_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    between = demo.tools.typeform_paging._between
    monkeypatch.setattr(
        demo.tools.typeform_paging,
        "_between",
        lambda items, by, query: [
            item for item in between(items, by, query) if item[by] != _instant(query.get("since"))
        ],
    )
    with serving(EDGE) as tool, pytest.raises(AssertionError):
        check_a_late_answer_at_the_edge_is_read(tool)


def _instant(since: str | None) -> str | None:
    return f"{since}Z" if since else None


@pytest.mark.parametrize("skipped", [0, 1])
def test_a_tool_that_pages_off_by_one_is_noticed(
    small_pages: None, monkeypatch: pytest.MonkeyPatch, skipped: int
) -> None:
    beyond = demo.tools.typeform_paging._beyond
    monkeypatch.setattr(
        demo.tools.typeform_paging,
        "_beyond",
        lambda items, query: beyond(items, query)[skipped if "before" in query else 0 :],
    )
    with serving(many(10)) as tool:
        if skipped:
            with pytest.raises(AssertionError):
                check_all_pages_are_read(tool)
        else:
            check_all_pages_are_read(tool)


def test_dates_are_dropped_behind_the_first_page_and_old_ones_left_out(small_pages: None) -> None:
    with serving(many(20)) as tool:
        store = Store.of(tool)
        store.run()
        tool.responses[FORM] += many(10, datetime(2026, 5, 3, tzinfo=UTC), tags=["new"])[0:0]
        tool.responses[FORM] += [completed(f"n{number}", f"03T00:{number:02}:00") for number in range(10)]
        tool.requests.clear()
        store.run()
        asked = asked_of(tool)

    assert len(store.versions) == 30
    assert ["since" in path for path in asked] == [True, *[False] * (len(asked) - 1)]
    assert all(("before" in path) != ("since" in path) for path in asked)
    # Twenty old ones lie within a day before the newest; the walk ends behind them.
    assert len(asked) <= 9


def test_the_walk_stops_at_what_is_too_old(small_pages: None) -> None:
    hourly = [completed(f"h{hour:03}", f"{1 + hour // 24:02}T{hour % 24:02}:00:00") for hour in range(200)]
    with serving(hourly) as tool:
        store = Store.of(tool)
        store.run(now=datetime(2026, 5, 12, tzinfo=UTC))
        tool.responses[FORM] += [completed(f"n{number}", f"10T00:{number:02}:00") for number in range(5)]
        tool.requests.clear()
        store.run(now=datetime(2026, 5, 12, tzinfo=UTC))

    assert len(store.versions) == 205
    assert len(asked_of(tool)) == 9  # thirty within a day before the newest known, and the page behind them


def test_an_answer_from_the_future_does_not_hide_later_ones() -> None:
    future = completed("future", "31T00:00:00") | {"submitted_at": "2099-01-01T00:00:00Z"}
    with serving([future, completed("a", "04T00:00:00")]) as tool:
        store = Store.of(tool)
        store.run()
        tool.responses[FORM].append(completed("b", "05T00:00:00"))
        store.run()

    assert set(store.versions) == {"future", "a", "b"}


def test_edits_make_a_version_and_another_order_does_not() -> None:
    def answer(ref: str, number: int) -> Item:
        return {"field": {"id": ref, "type": "rating", "ref": ref}, "type": "number", "number": number}

    one = completed("a", "04T10:00:00", answers=[answer("x", 1), answer("y", 2)])
    with serving([one]) as tool:
        store = Store.of(tool)
        store.run()
        turned = dict(reversed({**one, "answers": one["answers"][::-1]}.items()))
        tool.responses[FORM] = [turned]
        store.run()
        assert len(store.versions["a"]) == 1
        tool.responses[FORM] = [{**one, "answers": [answer("x", 1), answer("y", 3)]}]
        store.run()
        assert len(store.versions["a"]) == 2


def test_another_configuration_makes_a_version_where_it_says_something_else() -> None:
    items = [completed("a", "04T10:00:00", hidden={"customer": "C-1"}), completed("b", "04T10:00:00")]
    with serving(items) as tool:
        store = Store.of(tool, customer_id="{hidden.other}")
        store.run()
        store.cursors.clear()
        store.changed(customer_id="{hidden.customer}").run()

    assert {key: len(versions) for key, versions in store.versions.items()} == {"a": 2, "b": 1}


def test_backfill_reads_from_a_date_and_moves_no_cursor(small_pages: None) -> None:
    with serving([*many(20), left("p", "01T00:12:30"), left("older", "01T00:02:00")]) as tool:
        store = Store.of(tool)
        store.cursors[FORM, "completed"] = "2026-05-04T00:00:00+00:00"
        before = dict(store.cursors)
        store.run(since=datetime(2026, 5, 1, 0, 12, tzinfo=UTC))

    assert set(store.versions) == {f"t{number:05}" for number in range(12, 20)} | {"p"}
    assert store.cursors == before


# ---------------------------------------------------------------- killed, edited, deleted meanwhile


@pytest.mark.parametrize("killed_after", range(9))
def test_a_first_reading_killed_anywhere_goes_on_where_it_stood(small_pages: None, killed_after: int) -> None:
    items = [*many(20), *(left(f"p{number}", f"01T01:{number:02}:00") for number in range(6))]
    with serving(items) as tool:
        store = Store.of(tool)
        store.run(killed_after=killed_after)
        kept = len(store.versions)
        tool.requests.clear()
        tool.responses[FORM].append(completed("meanwhile", "02T00:00:00"))
        assert store.run() is None

        assert set(store.versions) == {item["token"] for item in tool.responses[FORM]}
        walked = [path for path in asked_of(tool) if "since" not in path]
        if kept > 6:
            assert "before=" in walked[0], "it does not begin at the top again"
        assert [position for (_, kind), position in store.cursors.items() if kind.endswith("/walk")] in (
            [""],
            ["", ""],
        )
        store.pages = 0
        store.run()
        assert {len(versions) for versions in store.versions.values()} == {1}


def test_a_first_reading_killed_at_every_page_comes_to_its_end(small_pages: None) -> None:
    with serving(many(40)) as tool:
        store = Store.of(tool)
        for _ in range(12):
            store.run(killed_after=3)  # definition, partial list, one page
        store.run()

        assert len(store.versions) == 40


def test_items_that_come_and_change_while_paging(small_pages: None) -> None:
    items = many(20)
    with serving(items) as tool:
        store = Store.of(tool)

        def stir(_: BaseHTTPRequestHandler) -> bool:
            number = len(tool.requests)
            tool.responses[FORM].append(completed(f"n{number}", f"02T00:{number:02}:00"))
            items_now = tool.responses[FORM]
            items_now[number] = {**items_now[number], "tags": ["seen"]}
            return False

        tool.fault = stir
        store.run()
        tool.fault = None
        store.run()

        assert set(store.versions) == {item["token"] for item in tool.responses[FORM]}


@pytest.mark.parametrize("resumed", [False, True])
def test_a_token_that_the_tool_no_longer_knows_restarts_the_walk_once(
    small_pages: None, resumed: bool
) -> None:
    with serving(many(20)) as tool:
        store = Store.of(tool)

        def delete(handler: BaseHTTPRequestHandler) -> bool:
            if "before=t00012" in handler.path:
                tool.responses[FORM] = [item for item in tool.responses[FORM] if item["token"] != "t00012"]
            return False

        tool.fault = delete
        if resumed:
            store.run(killed_after=4)
        assert store.run() is None

        assert set(store.versions) == {item["token"] for item in many(20)}
        assert any("no longer knows" in warning for warning in store.warnings)


def test_tokens_refused_for_ever_end_that_survey_alone(small_pages: None, clock: Clock) -> None:
    def refuse(handler: BaseHTTPRequestHandler) -> bool:
        body = b'{"code": "VALIDATION_ERROR", "description": "bad before"}'
        return "before=" in handler.path and reply(handler, body, 400)

    forms = [form(), form("second")]
    with serving({FORM: many(20), "second": many(2)}, fault=refuse, forms=forms) as tool:
        store = Store.of(tool)
        error = store.run(patience=clock.patience())

    assert "HTTP 400 (bad before)" in str(error)
    assert set(store.versions) == {"t00019", "t00018", "t00017", "t00016", "t00001", "t00000"}
    assert {found.survey_id for found in store.definitions} == {FORM, "second"}


def test_a_page_that_repeats_ends_that_survey_alone(small_pages: None) -> None:
    forms = [form(), form("second")]
    with serving({FORM: many(20), "second": [completed("other", "01T00:00:00")]}, forms=forms) as tool:
        answer = tool.told

        def repeated(path: str, query: Mapping[str, str]) -> Item:
            return answer(path, {name: text for name, text in query.items() if name != "before"})

        tool.told = repeated  # type: ignore[method-assign]
        store = Store.of(tool)
        error = store.run()
        assert "its pages repeat" in str(error) and FORM in str(error)
        assert set(store.versions) == {"t00019", "t00018", "t00017", "t00016", "other"}
        assert len(asked_of(tool)) < 6

        tool.told = answer  # type: ignore[method-assign]
        assert store.run() is None
        assert len(store.versions) == 21


def test_pages_without_end_end_that_survey(small_pages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_LEAST_LIMIT", 5)
    with serving([]) as tool:
        count = iter(range(10**6))

        def endless(path: str, query: Mapping[str, str]) -> Item:
            if not path.endswith("/responses"):
                return form()
            full = query["response_type"] == "completed"
            items = [completed(f"x{next(count)}", "04T00:00:00") for _ in range(4 if full else 0)]
            return {"total_items": len(items), "page_count": 1, "items": items}

        tool.told = endless  # type: ignore[method-assign]
        store = Store.of(tool, surveys=[FORM])
        error = store.run()

    assert "has no end after 13 pages" in str(error)
    assert len(store.versions) == 13 * 4


def test_duplicates_over_pages_are_one(small_pages: None) -> None:
    with serving(many(20)) as tool:
        answer = tool.told

        def overlapping(path: str, query: Mapping[str, str]) -> Item:
            body = answer(path, query)
            if "before" in query and body.get("items"):
                extra = [item for item in tool.responses[FORM] if item["token"] == query["before"]]
                body["items"] = [*extra, *body["items"]][: int(query["page_size"])]
            return body

        tool.told = overlapping  # type: ignore[method-assign]
        store = Store.of(tool)
        assert store.run() is None

    assert len(store.versions) == 20 and {len(one) for one in store.versions.values()} == {1}


# ---------------------------------------------------------------- partial ones


def test_partial_ones_are_told_apart() -> None:
    with serving([completed("c", "04T10:00:00"), left("p", "04T11:00:00")]) as tool:
        store = Store.of(tool)
        store.run()

    assert {key: one.is_complete for key, one in store.newest.items()} == {"c": True, "p": False}
    assert store.newest["p"].submitted_at == datetime(2026, 5, 4, 11, tzinfo=UTC)
    assert {kind for _, kind in store.cursors} == {"completed", "partial"}


def test_a_partial_one_becomes_complete_and_stays_so_though_the_tool_still_lists_it() -> None:
    partial_one, whole_one = left("x", "03T10:00:00"), completed("x", "03T10:05:00")
    with serving([completed("w", "03T09:00:00"), partial_one]) as tool:
        store = Store.of(tool)
        store.run()
        assert store.newest["x"].is_complete is False
        tool.responses[FORM].append(whole_one)
        for day in range(4, 9):
            tool.responses[FORM].append(completed(f"d{day}", f"{day:02}T10:00:00"))
            store.run(now=datetime(2026, 5, day, 12, tzinfo=UTC))

    assert [one.is_complete for one in store.versions["x"]] == [False, True]


def test_a_first_reading_of_both_ends_with_the_complete_one(small_pages: None) -> None:
    with serving([*many(10), left("x", "01T00:05:00"), completed("x", "01T00:05:30")]) as tool:
        store = Store.of(tool)
        store.run()
        store.run()

    assert [one.is_complete for one in store.versions["x"]] == [False, True]


def test_few_partial_ones_do_not_make_the_window_wide() -> None:
    with serving([left("x", "01T00:05:00")]) as tool:
        store = Store.of(tool)
        for day in range(2, 9):
            tool.responses[FORM].append(completed(f"d{day}", f"{day:02}T10:00:00"))
            store.run(now=datetime(2026, 5, day, 12, tzinfo=UTC))

        # The newest that the run of 7 May knew, less a day: not 30 April, a day before the partial one.
        assert "since=2026-05-06T10" in asked_of(tool)[-1]
        assert "since=2026-05-06T10" in asked_of(tool, kind="partial")[-1]


def test_a_tool_that_knows_no_partial_ones_is_read_all_the_same(clock: Clock) -> None:
    def refuse(handler: BaseHTTPRequestHandler) -> bool:
        return "response_type=partial" in handler.path and reply(handler, b"{}", 400)

    with serving(many(3), fault=refuse) as tool:
        store = Store.of(tool)
        assert store.run(patience=clock.patience()) is None

    assert len(store.versions) == 3 and any("HTTP 400" in warning for warning in store.warnings)


def test_a_tool_that_ignores_the_type_gives_each_response_once() -> None:
    with serving([completed("c", "04T10:00:00"), left("p", "04T11:00:00")]) as tool:
        answer = tool.told

        def mixed(path: str, query: Mapping[str, str]) -> Item:
            body = answer(path, query)
            if path.endswith("/responses"):
                body["items"] = tool.responses[FORM][::-1]
            return body

        tool.told = mixed  # type: ignore[method-assign]
        store = Store.of(tool)
        store.run()
        store.run()

    assert {key: [one.is_complete for one in kept] for key, kept in store.versions.items()} == {
        "c": [True],
        "p": [False],
    }


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_end_as_the_tool_says(small_pages: None, seed: int) -> None:
    """Answers begin, are left, completed; runs come at random times and are killed at random pages."""
    chance = random.Random(seed)
    with serving([]) as tool:
        store = Store.of(tool)
        still_listed = chance.random() < 0.5
        now, number = datetime(2026, 5, 1, tzinfo=UTC), 0
        for _ in range(chance.randint(8, 16)):
            for _ in range(chance.randint(0, 9)):
                now += timedelta(minutes=chance.randint(1, 90))
                number += 1
                _happen(chance, tool, now, f"r{number:03}", still_listed=still_listed)
            now += timedelta(hours=chance.choice((0, 1, 30)))
            store.run(now=now, killed_after=chance.choice((None, None, 0, 1, 2, 3, 5, 8)))
        assert store.run(now=now) is None

        listed = tool.responses[FORM]
        whole = {item["token"] for item in listed if item.get("response_type") != "partial"}
        assert {key for key, one in store.newest.items() if one.is_complete} == whole
        assert set(store.newest) >= {item["token"] for item in listed}
        versions = json.dumps({key: len(kept) for key, kept in store.versions.items()})
        store.run(now=now)
        assert json.dumps({key: len(kept) for key, kept in store.versions.items()}) == versions


def _happen(
    chance: random.Random, tool: FakeTypeform, now: datetime, token: str, *, still_listed: bool
) -> None:
    at = f"{now:%dT%H:%M:%S}"
    listed = tool.responses[FORM]
    open_ones = [item for item in listed if item.get("response_type") == "partial"]
    done = {item["token"] for item in listed if item.get("response_type") != "partial"}
    open_ones = [item for item in open_ones if item["token"] not in done]
    what = chance.random()
    if what < 0.5:
        listed.append(completed(token, at))
    elif what < 0.75 or not open_ones:
        listed.append(left(token, at))
    else:
        one = chance.choice(open_ones)
        listed.append(completed(one["token"], at))
        if not still_listed:
            listed.remove(one)


# ---------------------------------------------------------------- what stands in an item


def read(*items: bytes | Item) -> Store:
    """Read one page of these."""
    raws = [item if isinstance(item, bytes) else json.dumps(item).encode() for item in items]
    with serving([], fault=told_instead(page_of(*raws))) as tool:
        store = Store.of(tool)
        assert store.run() is None
    return store


GOOD = json.dumps(completed("good", "04T10:00:00")).encode()
BAD: dict[str, tuple[bytes, str]] = {
    "half an emoji": (GOOD.replace(b'"good"', b'"a", "x": "\\ud83d"', 1), "lone surrogate"),
    "NaN": (GOOD.replace(b'"good"', b'"a", "x": NaN', 1), "no valid JSON"),
    "line end in a text": (GOOD.replace(b'"good"', b'"a", "x": "a\nb"', 1), "no valid JSON"),
    "text": (b'"good"', "no JSON object"),
    "list": (b"[1]", "no JSON object"),
    "null": (b"null", "no JSON object"),
    "no token": (b'{"submitted_at": "2026-05-04T10:00:00Z"}', "neither response_id nor token"),
    "token null": (b'{"token": null, "response_id": " "}', "neither response_id nor token"),
    "bad time": (GOOD.replace(b'"submitted_at": "2026-05-04', b'"submitted_at": "2026-05-44'), "no time"),
    "deep": (GOOD.replace(b'"good"', b'"a", "x": %b%b' % (b"[" * 900, b"]" * 900), 1), ""),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_understood_is_set_aside_whole_and_its_neighbours_stay(what: str) -> None:
    raw, reason = BAD[what]
    before = json.dumps(completed("before", "04T11:00:00")).encode()
    store = read(before, raw, GOOD)

    assert {"before", "good"} <= set(store.versions)
    if what == "deep":  # as deep as msgspec reads, or set aside; in no case in the way
        return
    assert [(reject.survey_id, reject.payload) for reject in store.rejects] == [(FORM, raw)]
    assert reason in store.rejects[0].reason
    assert store.newest["good"].payload == GOOD


# Members that nobody looks up are stepped over, so this is noticed when they are to be stored.
UNFIT = {"no UTF-8": b"caf\xe9", "CESU-8": b"\xed\xa0\xbd"}


@pytest.mark.parametrize("what", UNFIT)
def test_what_cannot_be_stored_is_set_aside_whole_and_its_neighbours_stay(what: str, tmp_path: Path) -> None:
    raw = json.dumps(completed("a", "04T10:00:00", x="?")).encode().replace(b"?", UNFIT[what])
    before = json.dumps(completed("before", "04T11:00:00")).encode()
    with serving([], fault=told_instead(page_of(before, raw, GOOD))) as tool:
        asked = Asked(Store.of(tool).source, NOW, Path(), {}, None)
        assert land(tmp_path, pages(asked)) == {"responses_new": 2, "definitions_new": 1, "set_aside": 1}

    assert rows(tmp_path, "select response_id from responses order by all") == [("before",), ("good",)]
    [(response_id, said, payload)] = rows(tmp_path, "select response_id, reason, payload from rejects")
    assert (response_id, payload) == ("a", raw.decode("utf-8", "backslashreplace"))
    assert "no UTF-8" in said


def test_a_bad_weight_is_set_aside_with_its_id() -> None:
    with serving([completed("a", "04T10:00:00", hidden={"w": "heavy"})]) as tool:
        store = Store.of(tool, weight="{hidden.w}")
        store.run()

    assert [(one.response_id, one.reason) for one in store.rejects] == [
        ("a", "weight is not a positive number")
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"answers": None},
        {"hidden": None, "calculated": None, "metadata": None, "variables": None},
        {"answers": "none", "hidden": ["x"], "variables": {"x": 1}},
        {"answers": [None, 1, "x", {"field": None}, {"field": {"id": 1}}]},
        {"hidden": {"customer_id": 12345678901234567890123, "email": 1.0}},
        {"token": 17, "response_id": None},
        {"x": "\u0000", "y": "\u2028", "z": "😀\u202e"},
        {"submitted_at": NEVER},
        {"submitted_at": None},
        {"response_type": None},
        {"response_type": 3},
    ],
)
def test_odd_items_are_responses_all_the_same(odd: Item) -> None:
    store = read({**completed("a", "04T10:00:00"), **odd})

    assert len(store.versions) == 1 and store.rejects == []


def test_old_items_are_known_by_their_token() -> None:
    old = {"token": "t1", "landed_at": "2020-01-01T00:00:00Z", "submitted_at": "2020-01-01T00:01:00Z"}
    store = read(old)

    assert store.newest["t1"].submitted_at == datetime(2020, 1, 1, 0, 1, tzinfo=UTC)


def test_templates_reach_hidden_fields_variables_and_answers() -> None:
    item = completed(
        "a",
        "04T10:00:00",
        hidden={"lang": "2", "customer": 1042},
        variables=[{"key": "segment", "type": "text", "text": "smb"}],
        answers=[
            {"field": {"ref": "mail", "type": "email"}, "type": "email", "email": "ann@example.com"},
            {"field": {"ref": "where"}, "type": "choice", "choice": {"label": "Shop"}},
        ],
    )
    configured = {
        "customer_id": "{hidden.customer}",
        "account_id": "{variables.segment}",
        "email": "{answers.mail}",
        "channel": "{answers.where}",
        "language": "{hidden.lang}",
        "audience": "customer",
        "maps": {"language": {"1": "en", "2": "es"}},
    }
    with serving([item]) as tool:
        store = Store.of(tool, **configured)
        store.run()
    one = store.newest["a"]

    assert (one.customer_id, one.account_id, one.email) == ("1042", "smb", "ann@example.com")
    assert (one.channel, one.language, one.audience) == ("Shop", "es", "customer")


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"items": [%b], "total_items": 1}' % GOOD,
        b' { "page_count" : "1" , "total_items" : "1" , "more" : {"items": [1]} , "items" : [ %b ] } ' % GOOD,
        b'{"total_items": null, "items": [%b]}' % GOOD,
        b'{"items": [%b]}' % GOOD,
    ],
)
def test_pages_in_odd_dress(body: bytes) -> None:
    with serving([], fault=told_instead(body)) as tool:
        store = Store.of(tool)
        assert store.run() is None

    assert store.newest["good"].payload == GOOD


@pytest.mark.parametrize(
    "body",
    [
        b'{"items": [%b' % GOOD,
        b'{"items": [%b] "x": 1}' % GOOD,
        b'{"items": [%b]} {}' % GOOD,
        b'{"items": 7}',
        b'{"code": "WHATEVER"}',
        b"[]",
        b"[" * 100_000,
        b"<html>Login</html>",
        b"null",
        b"",
    ],
)
def test_what_is_no_page_is_asked_for_again_and_then_an_error(body: bytes, clock: Clock) -> None:
    with serving([], fault=told_instead(body)) as tool:
        store = Store.of(tool)
        error = store.run(patience=clock.patience())
        assert "asked 6 times" in str(error)
        assert len(asked_of(tool)) == 6

        tool.fault = None
        assert store.run() is None


def test_ten_megabytes_in_one_page() -> None:
    items = [completed(f"t{number}", f"04T10:00:{number:02}", x="é😀" * 200_000) for number in range(9)]
    store = read(*(json.dumps(item, ensure_ascii=False).encode() for item in items))

    assert len(store.versions) == 9


def test_a_page_too_large_is_asked_for_in_smaller_ones(clock: Clock) -> None:
    with serving(many(40, x="a" * 1000)) as tool:
        store = Store.of(tool)
        assert store.run(patience=clock.patience(largest=20_000)) is None

    assert len(store.versions) == 40


def test_a_title_with_half_an_emoji_keeps_no_answer_out() -> None:
    def broken(handler: BaseHTTPRequestHandler) -> bool:
        return handler.path == f"/forms/{FORM}" and reply(handler, b'{"id": "x", "title": "\\ud83d"}')

    with serving(many(2), fault=broken) as tool:
        store = Store.of(tool)
        assert store.run() is None

    assert len(store.versions) == 2 and "definition" in store.rejects[0].reason


# ---------------------------------------------------------------- refusals


def test_a_wrong_token_ends_the_source_at_once_and_says_how_to_mend_it() -> None:
    with serving(many(2), forms=[form(), form("second")]) as tool:
        store = Store.of(tool, surveys=[FORM, "second"]).changed(token="tfp_other")
        error = store.run()

    assert "HTTP 401" in str(error) and "personal token" in str(error) and "tfp_other" not in str(error)
    assert len(tool.requests) == 1


def test_a_missing_token_is_named() -> None:
    with serving([]) as tool:
        error = Store.of(tool).changed(token=" ").run()

    assert "source 'web' has no token" in str(error)


def test_a_form_that_is_gone_is_a_warning() -> None:
    with serving(many(2)) as tool:
        store = Store.of(tool, surveys=["gone", FORM])
        assert store.run() is None

    assert len(store.versions) == 2
    assert ["gone" in warning and "HTTP 404" in warning for warning in store.warnings] == [True]


@pytest.mark.parametrize("where", ["", "/responses"])
def test_a_form_that_is_refused_fails_the_source_and_the_others_are_read(where: str) -> None:
    def refuse(handler: BaseHTTPRequestHandler) -> bool:
        return handler.path.split("?")[0] == f"/forms/secret{where}" and reply(handler, b"{}", 403)

    with serving({FORM: many(2)}, fault=refuse, forms=[form("secret"), form()]) as tool:
        store = Store.of(tool)
        error = store.run()

    assert "/forms/secret" in str(error) and "HTTP 403" in str(error) and "responses:read" in str(error)
    assert len(store.versions) == 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_no_list_of_forms_ends_the_source(status: int) -> None:
    with serving([], fault=lambda handler: reply(handler, b"{}", status)) as tool:
        error = Store.of(tool).run()

    assert f"HTTP {status}" in str(error)


def test_a_tool_that_is_down_keeps_what_was_read(small_pages: None, clock: Clock) -> None:
    with serving(many(20)) as tool:
        tool.fault = lambda handler: "before=t00008" in handler.path and reply(handler, b"", 503)
        store = Store.of(tool)
        error = store.run(patience=clock.patience())
        assert "HTTP 503" in str(error) and len(store.versions) == 12
        tool.fault = None
        tool.requests.clear()
        assert store.run() is None

    assert len(store.versions) == 20
    assert "before=t00008" in asked_of(tool)[0]


def test_a_limit_of_requests_is_kept_to() -> None:
    with FakeTypeform([form()], {FORM: many(2)}, TOKEN, requests_per_second=2) as tool:
        store = Store.of(tool)
        assert store.run() is None

    assert len(store.versions) == 2


def test_another_region_is_suspected_where_nothing_is_found() -> None:
    def elsewhere(handler: BaseHTTPRequestHandler) -> bool:
        links = {"responses": f"https://api.typeform.eu/forms/{FORM}/responses"}
        body = json.dumps({**form(), "_links": links}).encode()
        return handler.path == f"/forms/{FORM}" and reply(handler, body)

    with serving([], fault=elsewhere) as tool:
        store = Store.of(tool)
        store.run()
        assert "api.typeform.eu" in store.warnings[0] and "region" in store.warnings[0]
        tool.responses[FORM] = many(1)
        store.warnings.clear()
        store.run()
        assert store.warnings == []


@pytest.mark.parametrize(
    ("base_url", "distance"),
    [
        (None, 0.5),
        ("https://api.eu.typeform.com/", 0.5),
        ("https://API.typeform.eu", 0.5),
        ("http://127.0.0.1:9", 0),
    ],
)
def test_typeform_itself_is_asked_twice_a_second(
    monkeypatch: pytest.MonkeyPatch, base_url: str | None, distance: float
) -> None:
    made: list[float] = []

    def noted(self: Pace, spacing: float) -> None:
        made.append(spacing)
        raise SourceError("enough")

    monkeypatch.setattr(Pace, "__init__", noted)
    with serving([]) as tool:
        Store.of(tool).changed(base_url=base_url).run()

    assert made == [distance]


def test_the_secret_is_in_no_sentence(clock: Clock) -> None:
    echo = json.dumps({"description": f"the token {TOKEN} is odd"}).encode()
    with serving(many(2)) as tool:
        for status in (400, 401, 403, 404, 500):
            tool.fault = lambda handler, status=status: reply(handler, echo, status)  # type: ignore[misc]
            for surveys in ("all", [FORM]):
                store = Store.of(tool, surveys=surveys)
                error = store.run(patience=clock.patience(budget=10))
                said = "".join(traceback.format_exception(error)) if error else ""
                said += f"{error and error.__context__!r} {store.warnings}"
                assert TOKEN not in said and "the token *** is odd" in said
