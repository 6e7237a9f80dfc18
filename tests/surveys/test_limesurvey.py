"""LimeSurvey: nothing is lost, nothing comes twice, though its interface knows neither dates nor pages."""

from __future__ import annotations

import base64
import json
import random
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.tools.limesurvey import FakeLimeSurvey
from demo.tools.local import Answer, Request
from flows.configuration import Source
from flows.surveys.limesurvey import ids, index, pages, windows

from .collecting import Item, Store
from .conftest import Clock

SAMPLES = Path(__file__).parent / "samples" / "limesurvey"
PASSWORD = "p4ss word+/="
SID = 284911
DOCUMENTED: dict[str, Any] = json.loads((SAMPLES / "documented.json").read_bytes())
RECORDED: list[dict[str, Any]] = json.loads((SAMPLES / "recorded.json").read_bytes())


def row(number: int, at: str = "04 10:00:00", **more: Any) -> Item:
    """Give a complete row; `at` is day and time in May 2026."""
    moment = f"2026-05-{at}"
    told = {"id": number, "submitdate": moment, "lastpage": 3, "startlanguage": "en", "seed": None}
    return {**told, "startdate": moment, "datestamp": moment, "NPS": "A9", "WHY": "Fast", **more}


def left(number: int, at: str, **more: Any) -> Item:
    return row(number, at, **{"submitdate": None, **more})


def undated(*rows: Item) -> list[Item]:
    """Give rows as a survey without date stamps has them."""
    never = "1980-01-01 00:00:00"
    return [
        {
            name: never if value and name == "submitdate" else value
            for name, value in one.items()
            if name not in ("startdate", "datestamp")
        }
        for one in rows
    ]


def survey(rows: list[Item], sid: int = SID, **more: Any) -> Item:
    details = {"71": DOCUMENTED["properties_of_71"]}
    return {"sid": sid, "questions": DOCUMENTED["questions"], "details": details, "rows": rows, **more}


@contextmanager
def serving(rows: list[Item], **more: Any) -> Iterator[FakeLimeSurvey]:
    with FakeLimeSurvey([survey(rows, **more)], PASSWORD) as tool:
        yield tool


def store_of(tool: Any, **more: Any) -> Store:
    told = {"base_url": tool.url, "username": "admin", "password": PASSWORD, **more}
    return Store(Source(name="web", tool="limesurvey", **told), ask=pages)


def asked(tool: FakeLimeSurvey, *, whole: bool = True) -> list[tuple[int, int | None]]:
    """List the windows asked for since the calls were cleared: of whole rows, or of the index."""
    exports = [params for method, params in tool.calls if method == "export_responses"]
    return [(params[6], params[7]) for params in exports if (len(params) == 8) is whole]


def told_of(store: Store, response_id: str = "1") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(store.newest[response_id].payload)
    return told


# ---------------------------------------------------------------- the real server's own words


class Replay(FakeLimeSurvey):
    """Answer with what was recorded, word for word, whatever window or fields are asked for."""

    def answer(self, request: Request) -> Any:
        told = json.loads(request.body)
        method, params = told["method"], told["params"]
        wrong = {"wrong": method == "get_session_key" and PASSWORD not in params, "999": 999 in params}
        for one in RECORDED:
            known = one["request"]
            if (
                known["method"] == method
                and all((word in str(known)) == is_so for word, is_so in wrong.items())
                and (method != "get_question_properties" or params[1] == known["params"][1])
            ):
                return Answer(one["body"].encode(), one["content_type"], one["status"])
        return {"id": 1, "result": {"status": "Error: Invalid questionid"}, "error": None}


def test_answers_recorded_from_a_real_server() -> None:
    with Replay([], PASSWORD) as tool:
        store = store_of(tool, customer_id="{CUSTOMERID}", properties=["TOUCHPOINT"])
        assert store.run() is None
        store.run()
        wrong = store_of(tool, password="other").run()
        gone = store_of(tool, surveys=["999"])
        gone.run()

    assert len(store.versions) == 30 and {len(one) for one in store.versions.values()} == {1}
    one = store.newest["61"]
    assert (one.submitted_at, one.language) == (datetime(2026, 11, 10, 5, 15, tzinfo=UTC), "en")
    assert one.customer_id == "C1004" and told_of(store, "61")["properties"] == {"TOUCHPOINT": "delivery"}
    answers = {answer["ref"]: answer for answer in told_of(store, "61")["answers"]}
    # PHP writes the options 0 to 10 as a list; those of CES were not recorded, so its code stands.
    assert answers["NPS"] == {"ref": "NPS", "type": "L", "text": "7", "choice": "7"}
    assert (answers["CES"]["text"], answers["WHY"]["text"]) == ("A6", "\U0001f600\U0001f44d")
    asked_of = json.loads(store.definitions[0].payload)["asked"]
    assert [(told["ref"], told["type"], told["low"], told["high"]) for told in asked_of[:2]] == [
        ("NPS", "L", 0, 10),
        ("CSAT", "5", 1, 5),
    ]
    assert "Invalid user name or password" in str(wrong)
    assert store.rejects == [] and gone.versions == {}


@pytest.mark.parametrize("version", [3, 6])
def test_samples_of_the_documentation(version: int) -> None:
    file = DOCUMENTED["file_3" if version == 3 else "file_6"]["responses"]
    rows = [one["41"] if version == 3 else one for one in file]
    more = {
        "participants": [{**one, **one["participant_info"]} for one in DOCUMENTED["participants"]],
        "properties": {"attributedescriptions": json.dumps({"attribute_1": {"description": "segment"}})},
    }
    with serving(rows, **more) as tool:
        tool.version = version
        store = store_of(tool, timezone="Europe/Berlin")
        assert store.run() is None

    assert store.newest["41"].submitted_at == datetime(2026, 5, 4, 8, 31, 12, tzinfo=UTC)
    assert store.rejects == []
    if version == 3:
        return
    one, other = told_of(store, "41"), store.newest["42"]
    texts = {answer["ref"]: answer["text"] for answer in one["answers"]}
    assert texts == {"NPS": "9", "SAT/SQ001": "4", "SAT/SQ002": "5", "WHY": "Fast delivery"}
    assert one["contacts"] == {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"}
    assert one["properties"] == {"language": "en", "segment": "GOLD"}
    assert one["response"]["ipaddr"] == "203.0.113.7", "the row is kept whole"
    assert (store.newest["41"].email, other.is_complete, other.language) == ("ann@example.com", False, "de")
    assert other.submitted_at == datetime(2026, 5, 4, 9, 2, 41, tzinfo=UTC)


# ---------------------------------------------------------------- what is new


def check_all_are_read(tool: FakeLimeSurvey) -> None:
    """Ids 1 to 7 in windows of three: a bound that is exclusive loses the last of each."""
    store = store_of(tool)
    assert store.run() is None

    assert set(store.newest) == {str(one["id"]) for one in tool.surveys[SID]["rows"]}


def check_an_edit_at_the_edge_is_read(tool: FakeLimeSurvey) -> None:
    store = store_of(tool)
    store.run()
    rows = tool.surveys[SID]["rows"]
    rows[0] = {**rows[0], "datestamp": "2026-05-03 10:00:00", "WHY": "Late"}
    store.run()

    assert told_of(store)["response"]["WHY"] == "Late"


def seven() -> list[Item]:
    return [row(number, f"0{number // 3 + 1} 10:00:00") for number in range(1, 7)] + [row(7)]


class Exclusive(FakeLimeSurvey):
    """A twin whose upper bound is exclusive, as slices are."""

    def is_within(self, number: int, first: int, last: int | None) -> bool:
        return first <= number and (not last or number < last)


class Undated(FakeLimeSurvey):
    """A twin that drops the time of the last change."""

    def rpc_export_responses(self, key: str, sid: int, kind: str, *rest: Any) -> Any:
        told = super().rpc_export_responses(key, sid, kind, *rest)
        kept = json.loads(base64.b64decode(told))["responses"]
        rows = [{**one, "datestamp": one["submitdate"]} for one in kept]
        return base64.b64encode(json.dumps({"responses": rows}).encode()).decode()


class Offset(FakeLimeSurvey):
    """A twin that begins behind the first id, as one does who counts from nought."""

    def is_within(self, number: int, first: int, last: int | None) -> bool:
        return first < number and (not last or number <= last)


CHECKS = (check_all_are_read, check_an_edit_at_the_edge_is_read)


@pytest.mark.parametrize(
    ("twin", "fails"), [(FakeLimeSurvey, ()), (Exclusive, (0,)), (Offset, (0, 1)), (Undated, (1,))]
)
def test_twins_that_misread_the_documentation_are_noticed(
    monkeypatch: pytest.MonkeyPatch, twin: type[FakeLimeSurvey], fails: tuple[int, ...]
) -> None:
    monkeypatch.setattr(windows, "SIZE", 3)
    for number, check in enumerate(CHECKS):
        with twin([survey(seven())], PASSWORD) as tool:
            if number in fails:
                with pytest.raises((AssertionError, KeyError)):
                    check(tool)
            else:
                check(tool)


def test_a_run_reads_whole_only_what_is_new_late_edited_or_finished() -> None:
    rows = [row(number, f"{number // 24 + 1:02} {number % 24:02}:00:00") for number in range(1, 73)]
    with serving([left(500, "01 09:00:00"), *rows]) as tool:
        store = store_of(tool)
        store.run()
        tool.calls.clear()
        store.run()
        # Whole rows of a day before the newest change, and nothing else; no labels, no participants.
        assert asked(tool) == [(48, 72)] and asked(tool, whole=False) == [(1, None)]
        assert [method for method, _ in tool.calls] == [
            *("get_session_key", "list_surveys", "get_survey_properties", "list_questions"),
            *("export_responses", "export_responses", "get_summary", "release_session_key"),
        ]
        listed = tool.surveys[SID]["rows"]
        listed[0] = row(500, "01 09:00:00", submitdate="2026-05-04 20:00:00", datestamp="2026-05-04 20:00:00")
        listed[5] = {**listed[5], "datestamp": "2026-05-04 21:00:00", "WHY": "Edited"}
        listed += [row(501, "04 22:00:00"), row(73, "01 00:00:00")]
        tool.calls.clear()
        store.run()
        assert asked(tool) == [(5, 73), (500, 501)]

        assert [one.is_complete for one in store.versions["500"]] == [False, True]
        assert len(store.versions["5"]) == 2 and {"501", "73"} <= set(store.newest)
        assert {len(store.versions[str(number)]) for number in range(6, 73)} == {1}
        assert tool.keys == set(), "each key was given back"


def test_deleted_ones_get_a_tombstone_and_a_survey_switched_off_none() -> None:
    with serving([row(1), row(2), row(3)]) as tool:
        store = store_of(tool)
        store.run()
        del tool.surveys[SID]["rows"][1]
        store.run()
        assert [one.is_deleted for one in store.versions["2"]] == [False, True]
        tool.surveys[SID]["active"] = "N"
        store.run()
        assert {key for key, one in store.newest.items() if one.is_deleted} == {"2"}
        # Switched on again: an empty table, which numbers on.
        tool.surveys[SID] |= {"active": "Y", "rows": [row(4, "05 00:00:00")]}
        store.run()

    assert {key for key, one in store.newest.items() if one.is_deleted} == {"2"}
    assert "4" in store.newest and "switched off and on" in store.warnings[-1]


def test_a_survey_that_numbers_anew_overwrites_nothing() -> None:
    with serving([row(1), row(2)]) as tool:
        store = store_of(tool)
        store.run()
        tool.surveys[SID]["rows"] = [row(1, "05 00:00:00", WHY="Another")]
        store.run()
        store.run()

    assert {key: len(one) for key, one in store.versions.items()} == {"1": 1, "2": 1, "2/1": 1}
    assert not any(one.is_deleted for one in store.newest.values())
    assert len([said for said in store.warnings if "number its responses anew" in said]) == 1


@pytest.mark.parametrize(("edits", "read_again"), [("N", [(2, 2)]), ("I", [(1, 2)])])
def test_without_date_stamps_open_ones_are_read_again(edits: str, read_again: list[Any]) -> None:
    rows = undated(row(1), left(2, "04 11:00:00"))
    with serving(rows, properties={"alloweditaftercompletion": edits, "datestamp": "I"}) as tool:
        store = store_of(tool)
        store.run()
        tool.calls.clear()
        store.run()
        assert asked(tool) == read_again
        rows[1]["submitdate"] = "1980-01-01 00:00:00"
        store.run()

    assert [one.is_complete for one in store.versions["2"]] == [False, True]
    assert store.newest["1"].submitted_at is None and "no date stamps" in store.warnings[0]


def test_a_backfill_reads_from_a_date_and_moves_nothing() -> None:
    with serving([row(1, "01 10:00:00"), row(2, "04 10:00:00")]) as tool:
        store = store_of(tool, timezone="Asia/Tokyo")
        store.run(since=datetime(2026, 5, 4, 1, tzinfo=UTC))

    assert set(store.newest) == {"2"} and store.cursors == {}


@pytest.mark.parametrize("killed_after", range(1, 6))
def test_killed_anywhere_it_goes_on(monkeypatch: pytest.MonkeyPatch, killed_after: int) -> None:
    monkeypatch.setattr(windows, "SIZE", 3)
    with serving([row(number, "04 10:00:00") for number in range(1, 11)]) as tool:
        store = store_of(tool)
        store.run(killed_after=killed_after)
        rows = tool.surveys[SID]["rows"]
        rows[0] = {**rows[0], "WHY": "Edited", "datestamp": "2026-05-04 12:00:00"}
        rows.append(row(11, "04 12:00:00"))
        store.run()
        tool.calls.clear()
        store.run()

    assert set(store.newest) == {str(number) for number in range(1, 12)}
    assert told_of(store)["response"]["WHY"] == "Edited"
    assert store.cursors[str(SID), "reading"] == ""


def test_large_surveys_are_read_in_smaller_pieces(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(index, "WINDOW", 10)
    numbers = [*range(1, 26), *range(1000, 1005)]
    with serving([row(number) for number in numbers]) as tool:
        tool.largest = 10  # the server's memory: beyond it answers HTTP 500
        store = store_of(tool)
        assert store.run(patience=clock.patience(tries=2)) is None

    assert set(store.newest) == {str(number) for number in numbers}


def test_what_is_remembered_of_a_hundred_thousand_is_small() -> None:
    known = ids.ids(range(1, 300_001, 3))

    assert len(ids.written(known)) < 4_000
    assert np.array_equal(ids.read(ids.written(known)), known)
    assert len(ids.read("no set")) == 0


def check_random_history(seed: int) -> None:
    """Responses begin, are finished, edited, deleted; runs come at any time and are killed at any page."""
    chance = random.Random(seed)
    is_dated = chance.random() < 0.7
    with serving([], properties={"datestamp": "I", "alloweditaftercompletion": "Y"}) as tool:
        store, rows = store_of(tool), tool.surveys[SID]["rows"]
        now, number = datetime(2026, 5, 1, tzinfo=UTC), 0
        for _ in range(chance.randint(6, 12)):
            for _ in range(chance.randint(0, 9)):
                now += timedelta(minutes=chance.randint(1, 90))
                at, what = f"{now:%d %H:%M:%S}", chance.random()
                place = chance.randrange(len(rows)) if rows else 0
                if what < 0.5 or not rows:
                    number += chance.choice((1, 1, 1, 40))
                    rows.append((row if chance.random() < 0.6 else left)(number, at))
                elif what < 0.9:
                    rows[place] = {
                        **row(rows[place]["id"], at),
                        "WHY": at,
                        "startdate": rows[place]["startdate"],
                    }
                elif sum(str(one["id"]) in store.newest for one in rows) > 1:  # of the last it cannot be told
                    rows.pop(place)
            tool.surveys[SID]["rows"], written = (rows if is_dated else undated(*rows)), rows
            store.run(now=now, killed_after=chance.choice((None, None, 0, 1, 2, 3, 5)))
            rows = written
        assert store.run(now=now) is None
        # Without dates, what changed while a reading lay still shows in the one after it.
        assert is_dated or store.run(now=now) is None

        there = {key for key, one in store.newest.items() if not one.is_deleted}
        assert there == {str(one["id"]) for one in rows}
        for one in rows:
            kept = json.loads(store.newest[str(one["id"])].payload)["response"]
            assert (kept["WHY"], bool(kept["submitdate"])) == (one["WHY"], bool(one["submitdate"]))
        versions = {key: len(kept) for key, kept in store.versions.items()}
        store.run(now=now)
        assert {key: len(kept) for key, kept in store.versions.items()} == versions


@pytest.mark.parametrize("seed", range(8))
def test_random_histories_end_as_the_tool_says(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(windows, "SIZE", 3)
    check_random_history(seed)


@pytest.mark.prove
def test_a_thousand_random_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "SIZE", 3)
    for seed in range(1000):
        check_random_history(seed)


# ---------------------------------------------------------------- what stands in a row


def test_kinds_of_questions_become_answers_and_properties() -> None:
    kinds = {"L": "LIST", "M": "MULTI", "1": "DUAL", "R": "RANK", "O": "BOTH", ":": "GRID", "S": "hid"}
    questions = [
        {"qid": str(number), "parent_qid": "0", "type": kind, "title": code, "question": f"<b>{code}</b>?"}
        | {"other": "Y" if kind in "LM" else "N"}
        for number, (kind, code) in enumerate(kinds.items(), 1)
    ]
    questions += [
        {
            "qid": f"{parent}{scale}{place}",
            "parent_qid": str(parent),
            "title": f"SQ{place}",
            "scale_id": scale,
        }
        | {"question": f"part {place}", "type": "T", "question_order": place}
        for parent, scale, place in [(2, 0, 1), (2, 0, 2), (3, 0, 1), (6, 0, 1), (6, 1, 2)]
    ]
    options = {"A1": {"answer": "Shop &amp; <i>web</i>", "order": "0"}, "A2": {"answer": "2"}}
    details = {str(number): {"answeroptions": options} for number in (1, 4, 5)}
    details["7"] = {"attributes": {"hidden": "1"}}
    given = {
        "LIST": "-oth-",
        "LIST[other]": "kiosk",
        "MULTI[SQ1]": "Y",
        "MULTI[SQ2]": "",
        "MULTI[other]": "tv",
    }
    given |= {
        "DUAL[SQ1][1]": "A1",
        "RANK[1]": "A2",
        "BOTH": "A1",
        "BOTH[comment]": "why",
        "GRID[SQ1_SQ2]": "3",
    }
    given |= {"hid": "C-7", "groupTime12": "3.5"}
    plain = {"id": 1} | dict.fromkeys(("submitdate", "startdate", "datestamp"), "2026-05-04 10:00:00")
    with FakeLimeSurvey(
        [{"sid": 1, "questions": questions, "details": details, "rows": [{**plain, **given}]}], PASSWORD
    ) as tool:
        store = store_of(tool, customer_id="{hidden.HID}", channel="{answers.MULTI/other}")
        assert store.run() is None

    found = [(one["ref"], one["text"], one.get("choice")) for one in told_of(store)["answers"]]
    assert found == [
        *(("LIST", "kiosk", "other"), ("MULTI/SQ1", "Y", "SQ1"), ("MULTI/other", "tv", "other")),
        *(("DUAL/SQ1/1", "A1", None), ("RANK/1", "2", "A2"), ("BOTH", "Shop & web", "A1")),
        *(("BOTH/comment", "why", None), ("GRID/SQ1_SQ2", "3", None)),
    ]
    assert told_of(store)["properties"] == {"hid": "C-7"}
    assert (store.newest["1"].customer_id, store.newest["1"].channel) == ("C-7", "tv")
    refs = [one["ref"] for one in json.loads(store.definitions[0].payload)["asked"]]
    assert refs == [
        *("LIST", "MULTI/SQ1", "MULTI/SQ2", "MULTI/other", "DUAL/SQ1/1", "DUAL/SQ1/2", "RANK/1", "RANK/2"),
        *("BOTH", "BOTH/comment", "GRID/SQ1_SQ2"),
    ]


def test_another_way_of_writing_is_no_change() -> None:
    with serving([row(1), row(2)]) as tool:
        store = store_of(tool)
        store.run()
        first, second = tool.surveys[SID]["rows"]
        written = {
            **dict(reversed(first.items())),
            "id": "1",
            "lastpage": "3",
            "seed": "",
            "quota_exit": None,
        }
        tool.surveys[SID]["rows"] = [written, second]
        store.run()

    assert len(store.versions["1"]) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"NPS": None, "WHY": ["x"], "SAT[SQ001]": {"a": 1}},
        {"token": "", "startlanguage": None, "lastpage": None},
        {"WHY": "😀\u202e\u0000", "NPS": 12345678901234567890123, "SAT[[": "x", "[": "y"},
        {"WHY": "é" * 2_000_000},
        {"id": "1"},
    ],
)
def test_odd_rows_are_responses_all_the_same(odd: Item) -> None:
    with serving([row(1, **odd), row(2)]) as tool:
        tool.surveys[SID]["questions"] = [*DOCUMENTED["questions"], None, {"qid": None}, {"type": []}]
        tool.surveys[SID]["details"]["71"] = {"answeroptions": {"A9": {"answer": "nan"}, "A8": 3}}
        store = store_of(tool)
        assert store.run() is None

    assert len(store.versions) == 2 and store.rejects == []


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ({"submitdate": "2026-05-44 10:00:00"}, "submitdate is no time"),
        ({"WHY": "\ud83d"}, "half a sign"),
    ],
)
def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_stay(odd: Item, reason: str) -> None:
    with serving([row(1), row(2, **odd), row(3)]) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert set(store.newest) == {"1", "3"}
    assert reason in store.rejects[0].reason and b'"id": 2' in store.rejects[0].payload


# ---------------------------------------------------------------- refusals


def test_a_wrong_password_is_tried_once_and_said_without_it() -> None:
    with serving([row(1)]) as tool:
        error = store_of(tool, password="w0rd wrong").run()
        assert [method for method, _ in tool.calls] == ["get_session_key"]

    assert "Correct username and password" in str(error)
    assert "w0rd" not in "".join(traceback.format_exception(error))


def test_an_interface_that_is_off_is_named() -> None:
    with serving([row(1)]) as tool:
        tool.is_on = False
        error = store_of(tool).run()

    assert "Switch JSON-RPC on" in str(error) and len(tool.requests) == 1


@pytest.mark.parametrize("missing", ["username", "password", "base_url"])
def test_what_is_not_configured_is_named(missing: str) -> None:
    with serving([]) as tool:
        error = store_of(tool).changed(**{missing: None}).run()

    assert f"no {missing}" in str(error)


def test_gone_is_a_warning_refused_fails_and_the_others_are_read() -> None:
    with FakeLimeSurvey([survey([row(1)]), survey([row(2)], sid=7)], PASSWORD) as tool:
        tool.forbidden = {7}
        store = store_of(tool, surveys=["999", "7", str(SID)])
        error = store.run()

    assert "No permission" in str(error) and "get_survey_properties" in str(error)
    assert set(store.newest) == {"1"} and "survey 999 is gone" in store.warnings[0]


def test_participants_that_are_refused_keep_no_response_out() -> None:
    with serving([row(1, token="t1")], participants=[], hides_participants=True) as tool:
        store = store_of(tool)
        assert store.run() is None

    assert set(store.newest) == {"1"} and "permission to read participants" in store.warnings[0]


def asked_of(tid: int, sent: str = "N", completed: str = "N") -> Item:
    return {"tid": str(tid), "token": f"t{tid}", "sent": sent, "completed": completed}


def invited(store: Store) -> dict[str, tuple[Any, ...]]:
    """Give what is known last of each sending."""
    return {
        one.invitation_id: (one.invited_at, one.invited_count, one.started_count, one.completed_count)
        for one in store.invitations
    }


def test_participants_count_by_the_day_they_were_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.surveys.limesurvey.invitations.AT_ONCE", 2)
    first = "2026-05-01 00:10"
    people = [
        asked_of(1, "2026-05-01 18:00", "2026-05-02 10:00"),
        asked_of(3, first),
        asked_of(4, "2026-05-01 09:00", "Q"),
        asked_of(9),
        asked_of(12, "2026-05-03 09:00"),
    ]
    with serving([row(1)], participants=people) as tool:
        store = store_of(tool, timezone="Europe/Berlin")
        assert store.run() is None
        at = datetime(2026, 4, 30, 22, 10, tzinfo=UTC)
        later = datetime(2026, 5, 3, 7, tzinfo=UTC)
        names = [f"{SID}/2026-05-01", f"{SID}/2026-05-03"]
        assert invited(store) == {names[0]: (at, 3, 2, 1), names[1]: (later, 1, 0, 0)}
        tool.calls.clear()
        store.run()
        assert "list_participants" not in [method for method, _ in tool.calls]
        people[1]["completed"] = "2026-05-04 08:00"
        del people[4]
        store.run()
        assert invited(store) == {names[0]: (at, 3, 3, 2), names[1]: (later, 0, 0, 0)}
        people.append(asked_of(20, "2026-05-05 09:00"))
        tool.surveys[SID]["hides_participants"] = True
        for _ in range(2):
            assert store.run() is None
        (warning,) = store.warnings
        assert "cannot be told" in warning and "No permission" in warning
        assert len(invited(store)) == 2


def test_a_key_that_died_is_replaced() -> None:
    with serving([row(1)]) as tool:

        def forget(handler: BaseHTTPRequestHandler) -> bool:
            if len(tool.requests) in (3, 6):
                tool.keys.clear()
            return False

        tool.fault = forget
        store = store_of(tool)
        assert store.run() is None

    assert set(store.newest) == {"1"}


@pytest.mark.parametrize(
    "body",
    [b"<html>Login</html>", b'{"id": 1', b"[]", b'{"description": "for p4ss word+/= no"}'],
)
def test_what_is_no_answer_is_asked_for_again_and_then_an_error(body: bytes, clock: Clock) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> bool:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(503 if b"description" in body else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return True

    with serving([row(1)]) as tool:
        tool.fault = broken
        store = store_of(tool)
        error = store.run(patience=clock.patience(tries=3))
        tool.fault = None
        assert store.run() is None

    assert "asked 3 times" in str(error) and PASSWORD not in str(error)
    assert set(store.newest) == {"1"}


@pytest.mark.parametrize(
    "path", ["", "/index.php", "/admin/remotecontrol", "/index.php/admin/remotecontrol/"]
)
def test_base_url_may_be_the_server_or_the_interface(path: str) -> None:
    with serving([row(1)]) as tool:
        assert store_of(tool, base_url=tool.url + path).run() is None
