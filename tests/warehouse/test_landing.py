"""Landing: versions, rejects and cursors, as the staging models and the next load will find them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from flows.records import Cursor, HeardbackError, Page, Response, Responses
from flows.warehouse import builds, landing, raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing
from tests.warehouse.landings import (
    NOW,
    ORIGIN,
    cursors,
    customer,
    definition,
    filler,
    land,
    reject,
    response,
    rows,
)

# What stg_raw__rejects lists, said again by hand: of a file only the newest reading counts.
LISTED = """
select reason from rejects r where scope is null or load_id = (
    select max(load_id) from scopes s where s.source_name = r.source_name and s.scope = r.scope)
order by reason
"""


def test_a_response_is_kept_as_it_came(tmp_path: Path) -> None:
    told = Response(
        "visit",
        "r1",
        '{"text": "żółw 🐢 \\u0000"}'.encode(),
        0xABC,
        datetime(2026, 5, 3, 10, 11, 12, tzinfo=NOW.tzinfo),
        is_complete=False,
        customer_id="c1",
        language="pl",
        weight=1.5,
    )
    assert land(tmp_path, [Page(responses=Responses([told]))]) == {"responses_new": 1}
    assert rows(tmp_path, "select * exclude (payload) from responses") == [
        (
            *("forms", "typeform", "visit", "r1", 1, 1, "run", datetime(2026, 5, 4, 9)),
            *(0xABC, False, datetime(2026, 5, 3, 10, 11, 12), False),
            *("c1", None, None, "pl", None, None, 1.5),
        )
    ]
    assert rows(tmp_path, "select encode(payload) from responses") == [(told.payload,)]


def test_only_what_differs_from_the_newest_version_is_one(tmp_path: Path) -> None:
    first, second = response(1, "A"), response(1, "B")
    for one in (first, first, second, second, first, first._replace(is_deleted=True, content_hash=0xF)):
        land(tmp_path, [Page(responses=Responses([one]))])

    found = rows(tmp_path, "select payload ->> 'text', is_deleted from responses order by load_id, sequence")
    assert found == [("A", False), ("B", False), ("A", False), ("A", True)]


def test_within_one_load_the_later_twin_wins(tmp_path: Path) -> None:
    a, b = response(1, "A"), response(1, "B")
    pages = [Page(responses=Responses([a, a, b])), *[Page()] * 7, Page(responses=Responses([b, a, a]))]

    assert land(tmp_path, pages) == {"responses_new": 1, "responses_changed": 2}
    found = rows(tmp_path, "select payload ->> 'text', load_id, sequence from responses order by all desc")
    assert sorted(found, key=lambda row: row[2]) == [("A", 1, 1), ("B", 1, 2), ("A", 1, 3)]


def test_another_time_alone_is_another_version_and_back_again(tmp_path: Path) -> None:
    first = response(1)
    moved = response(1, submitted_at=NOW)
    unknown = response(1, submitted_at=None)
    for one in (first, moved, unknown, unknown, first, first):
        land(tmp_path, [Page(responses=Responses([one]))])

    assert rows(tmp_path, "select submitted_at is null from responses order by load_id") == [
        (False,),
        (False,),
        (True,),
        (False,),
    ]


def test_sources_and_surveys_are_told_apart(tmp_path: Path) -> None:
    one = response(1)
    land(tmp_path, [Page(responses=Responses([one, one._replace(survey_id="other")]))])
    land(tmp_path, [Page(responses=Responses([one]))], replace(ORIGIN, source_name="kiosk"))

    assert rows(tmp_path, "select source_name, survey_id, load_id from responses order by all") == [
        ("forms", "other", 1),
        ("forms", "visit", 1),
        ("kiosk", "visit", 2),
    ]


def test_definitions_and_customers_have_versions_too(tmp_path: Path) -> None:
    for title, segment in (("A", "gold"), ("A", "gold"), ("B", None), ("A", "gold")):
        land(
            tmp_path,
            [Page(definitions=[definition("visit", title)], customers=[customer("c1", segment=segment)])],
        )

    assert rows(tmp_path, "select payload ->> 'title' from definitions order by load_id") == [
        ("A",),
        ("B",),
        ("A",),
    ]
    assert rows(tmp_path, "select segment, email from customers order by load_id") == [
        ("gold", None),
        (None, None),
        ("gold", None),
    ]


def test_a_record_that_cannot_be_stored_costs_only_itself(tmp_path: Path) -> None:
    bad = [
        response(2)._replace(payload=b'{"text": "\xff\xfe"}'),
        response(3)._replace(payload=b'{"text": "\\ud83d"}'),
        response(4)._replace(payload=b'{"text": '),
        response(5)._replace(response_id="r\ud83d"),
        response(6)._replace(customer_id="c\udcff"),
    ]
    page = Page(
        responses=Responses([response(1), *bad, response(7)]),
        customers=[customer("c1", name="\ud83d"), customer("c2", name="Zoë")],
        definitions=[replace(definition("visit", "A"), payload=b"\xff")],
    )
    assert land(tmp_path, [page]) == {"responses_new": 2, "customers_new": 1, "set_aside": 7}
    assert rows(tmp_path, "select response_id from responses order by all") == [("r1",), ("r7",)]
    assert rows(tmp_path, "select name from customers") == [("Zoë",)]
    told = rows(tmp_path, "select response_id, payload from rejects where survey_id = 'visit' order by 1, 2")
    assert ("r2", '{"text": "\\xff\\xfe"}') in told
    assert ("r4", '{"text": ') in told
    assert "r\\ud83d" in {row[0] for row in told}
    assert land(tmp_path, [page]) == {}


def test_a_reject_outside_a_file_is_listed_once(tmp_path: Path) -> None:
    page = Page(rejects=[reject("x"), reject("x"), reject("y", level="answer", question_ref="q1")])

    assert land(tmp_path, [page, *[Page()] * 7, page]) == {"set_aside": 2}
    assert land(tmp_path, [page, Page(rejects=[reject("z", "other")])]) == {"set_aside": 1}
    assert rows(tmp_path, LISTED) == [("broken",), ("broken",), ("other",)]
    assert rows(tmp_path, "select count(distinct record_key), count(*) from rejects") == [(3, 3)]


def test_of_a_file_the_rejects_of_its_newest_reading_are_listed(tmp_path: Path) -> None:
    def reading(*lines: str) -> dict[str, int]:
        pages = [Page(rejects=[reject(line, line)], scope="a.csv") for line in lines]
        return land(tmp_path, [*pages, Page(responses=Responses([response(1)]), scope="a.csv")])

    assert reading("one", "one", "two")["set_aside"] == 3
    assert rows(tmp_path, LISTED) == [("one",), ("one",), ("two",)]
    reading("two")
    assert rows(tmp_path, LISTED) == [("two",)]
    reading()
    assert rows(tmp_path, LISTED) == []
    marks = builds.raw_facts(tmp_path).marks["scopes"]
    reading()
    assert builds.raw_facts(tmp_path).marks["scopes"] == marks
    reading("one")
    assert rows(tmp_path, LISTED) == [("one",)]
    keys = "select count(distinct record_key) from rejects where reason = 'one'"
    assert rows(tmp_path, keys) == [(2,)], "the same line is the same record, its twin another"


def test_many_pages_of_one_file_are_one_reading(tmp_path: Path) -> None:
    pages = [Page(rejects=[reject(f"{n}", f"{n:02}")], scope="a.csv") for n in range(23)]
    land(tmp_path, pages)

    assert rows(tmp_path, LISTED) == [(f"{n:02}",) for n in range(23)]
    assert rows(tmp_path, "select scope, load_id from scopes") == [("a.csv", 1)]


def test_a_load_with_nothing_new_marks_only_its_fetch(tmp_path: Path) -> None:
    page = Page(
        responses=Responses(response(n) for n in range(3000)),
        definitions=[definition("visit", "A")],
        customers=[customer("c1", name="Ann")],
        rejects=[reject("x")],
        cursors=[Cursor("visit", "since", "3000")],
    )
    land(tmp_path, [page])
    before = builds.raw_facts(tmp_path).marks
    assert land(tmp_path, [page]) == {}
    after = builds.raw_facts(tmp_path).marks

    assert {part for part in before if before[part] != after[part]} == {"fetches"}
    assert rows(tmp_path, "select load_id, outcome, response_count from fetches order by load_id") == [
        (1, "ok", 3000),
        (2, "ok", 0),
    ]


def test_cursors_move_and_stay_as_they_are_in_a_backfill(tmp_path: Path) -> None:
    def at(position: str, kind: str = "since") -> Page:
        return Page(cursors=[Cursor("visit", kind, position)])

    land(tmp_path, [at("1"), at("2"), at("a", "partial")])
    assert cursors(tmp_path) == {("visit", "since"): "2", ("visit", "partial"): "a"}
    land(tmp_path, [at("3")])
    land(tmp_path, [at("9")], moves_cursors=False)
    assert cursors(tmp_path) == {("visit", "since"): "3", ("visit", "partial"): "a"}
    assert rows(tmp_path, "select count(*) from cursors where survey_id = 'visit'") == [(2,)]


def test_another_configuration_reads_again_from_the_beginning(tmp_path: Path) -> None:
    changed, other = replace(ORIGIN, configuration="otherwise"), replace(ORIGIN, source_name="other")
    page = Page(cursors=[Cursor("visit", "since", "1")])
    land(tmp_path, [page])
    land(tmp_path, [page], other)

    assert land(tmp_path, [], changed, moves_cursors=False) == {}
    assert cursors(tmp_path) == {("visit", "since"): "1"}
    assert cursors(tmp_path, changed) == {}
    assert cursors(tmp_path, other) == {("visit", "since"): "1"}
    assert land(tmp_path, [page], changed) == {}, "what was read with it is known from now on"
    assert cursors(tmp_path, changed) == {("visit", "since"): "1"}


def test_what_raw_refuses_leaves_nothing_of_its_transaction(tmp_path: Path) -> None:
    land(tmp_path, [Page(responses=Responses([response(1)]), cursors=[Cursor("visit", "since", "1")])])
    with raw.opened(tmp_path) as connection:
        connection.execute("create unique index only_one on responses (channel)")
    told = Responses([response(2), response(3, channel="secret"), response(4, channel="secret")])
    pages = [Page(responses=told, cursors=[Cursor("visit", "since", "4")])]

    with pytest.raises(HeardbackError, match="could not be written") as refused:
        land(tmp_path, pages)
    assert "secret" not in str(refused.value)
    assert rows(tmp_path, "select response_id from responses") == [("r1",)]
    assert cursors(tmp_path) == {("visit", "since"): "1"}


def test_what_waits_is_written_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with raw.opened(tmp_path) as connection:
        landed = Landing(connection, ORIGIN)
        landed.take(
            laid_out(Page(responses=Responses([response(1)]), cursors=[Cursor("visit", "since", "1")]))
        )
        assert connection.execute("select count(*) from responses").fetchall() == [(0,)]
        monkeypatch.setattr(landing, "SECONDS", 0.0)
        landed.take(laid_out(Page(responses=Responses([response(2)]))))
        assert connection.execute("select count(*) from responses").fetchall() == [(2,)]
        assert landed.cursors() == {("visit", "since"): "1"}


@pytest.mark.parametrize("sizes", [[12] * 5, [60], [1] * 40])
def test_large_answers_are_landed_by_themselves_and_behind_many_small_ones(
    tmp_path: Path, sizes: list[int]
) -> None:
    words = "".join(map(str, range(180_000)))[:1_000_000]
    large = [response(-at, words * size) for at, size in enumerate(sizes, 1)]
    small = [Page(responses=Responses(map(response, range(at, at + 1000)))) for at in range(0, 16_000, 1000)]
    told = [*small, Page(responses=Responses(large))]

    alone = land(tmp_path / "alone", [Page(responses=Responses(large))], memory=raw.LANDING)
    behind = land(tmp_path / "behind", told, memory=raw.LANDING)
    assert (alone["responses_new"], behind["responses_new"]) == (len(sizes), 16_000 + len(sizes))
    found = rows(
        tmp_path / "behind", "select sum(length(payload)) from responses where length(payload) > 900000"
    )
    assert found == [(sum(len(one.payload) for one in large),)]


def test_large_answers_that_a_kill_left_in_the_log_are_read_again(tmp_path: Path) -> None:
    words = "".join(map(str, range(180_000)))[:1_000_000]
    small = Page(responses=Responses(map(response, range(1000))))
    with raw.opened(tmp_path / "killed", memory=raw.LANDING) as connection:
        landed = Landing(connection, ORIGIN)
        landed.take(laid_out(small))
        landed.take(laid_out(Page(responses=Responses(response(-at, words * 12) for at in range(1, 11)))))
        # What lies there now is what a kill would leave.
        shutil.copytree(tmp_path / "killed", tmp_path / "home")

    assert (tmp_path / "home" / "raw.duckdb.wal").stat().st_size > 100_000_000
    assert land(tmp_path / "home", [small], memory=raw.LANDING) == {}
    assert rows(tmp_path / "home", "select count(*) from responses") == [(1010,)]


def test_a_page_that_is_written_in_two_moves_its_cursor_with_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "ROWS", 4)
    with raw.opened(tmp_path) as connection:
        landed = Landing(connection, ORIGIN)
        page = Page(responses=Responses(map(response, range(6))), cursors=[Cursor("visit", "since", "6")])
        landed.take(laid_out(page))
        assert connection.execute("select count(*) from responses").fetchall() == [(4,)]
        assert landed.cursors() == {}
        landed.end("ok", "")
        assert landed.cursors() == {("visit", "since"): "6"}


def test_what_is_no_json_is_set_aside_in_the_scope_it_was_read_in(tmp_path: Path) -> None:
    broken = response(9)._replace(payload=b'{"text": ')
    pages = [
        Page(responses=Responses([response(1), response(2)]), scope="a.csv"),
        Page(responses=Responses([response(3), broken, response(4)]), scope="b.csv"),
        Page(responses=Responses([response(5)]), scope="c.csv"),
    ]
    assert land(tmp_path, pages) == {"responses_new": 5, "set_aside": 1}
    assert rows(tmp_path, "select response_id, scope from rejects") == [("r9", "b.csv")]


def test_answers_of_many_megabytes_are_landed_and_known_again(tmp_path: Path) -> None:
    told = [
        response(n)._replace(payload=b'{"text": "%b"}' % (filler(n).encode() * 250_000), content_hash=n)
        for n in range(5)
    ]
    assert land(tmp_path, [Page(responses=Responses(told))]) == {"responses_new": 5}
    again = [one._replace(content_hash=one.content_hash + 100) for one in told]
    assert land(tmp_path, [Page(responses=Responses(again))], says=len) == {}
