"""Delighted's saved files: the state changed last counts, whichever file it stands in."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.configuration import Source
from flows.records import SourceError
from flows.surveys.asked import Asked
from flows.surveys.delighted import pages

from .collecting import NOW, Item, Store

SAMPLES = Path(__file__).parent / "samples" / "delighted"
FIRST, SECOND = "602ed5aeb5a2c31c9a3d41f8", "602ed6c0b5a2c31c9a3d4200"


def store_of(folder: Path, **more: Any) -> Store:
    source = Source(**{"name": "old", "tool": "delighted", "path": str(folder), **more})
    return Store(source, ask=pages)


def saved(folder: Path, name: str, *items: Item, lines: bool = False) -> Path:
    """Save objects as a page, or one a line."""
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("\n".join(map(json.dumps, items)) if lines else json.dumps(items), encoding="utf-8")
    return path


def item(number: int, score: int = 9, updated_at: int | None = None, **more: Any) -> Item:
    created_at = 1_614_041_806 + number
    told = {"id": f"r{number}", "survey_type": "nps", "score": score, "created_at": created_at}
    return {**told, "updated_at": updated_at, "person": None, "person_properties": None, **more}


def csv(folder: Path, text: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def told_of(store: Store, response_id: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(store.newest[response_id].payload)
    return told


def test_samples_of_the_documentation(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path / "kept")
    store = store_of(tmp_path / "kept")
    assert store.run() is None
    one, other = store.newest[FIRST], store.newest[SECOND]

    assert (one.survey_id, other.survey_id) == ("nps", "csat")
    assert one.submitted_at == datetime(2021, 2, 23, 0, 56, 46, tzinfo=UTC)
    assert (one.customer_id, one.email, one.channel) == ("1042", "alice@example.com", "Email")
    assert (other.customer_id, other.email) == (None, "bo@example.com"), "joined to people.json"
    found = [(a["ref"], a["type"], a["text"], a.get("choice")) for a in told_of(store, FIRST)["answers"]]
    assert found == [
        ("score", "nps", "9", None),
        ("comment", "comment", "Fast answers, friendly people.", None),
        ("q_7tR2", "free_response", "A status page.", None),
        ("q_9bK1", "scale", "4", None),
        ("q_3mZ8", "select_one", "Chat", "c_1"),
        ("q_4nQ0", "select_many", "Speed", "c_4"),
        ("q_4nQ0", "select_many", "Tone", "c_6"),
    ]
    told = told_of(store, FIRST)
    assert told["contacts"] == {"email": "alice@example.com", "name": "Alice Moreau"}
    assert (told["properties"]["plan"], told["properties"]["tags"]) == ("pro", "support")
    assert told["response"] == json.loads((SAMPLES / "survey_responses.json").read_bytes())[0]
    assert {one.survey_id for one in store.definitions} == {"nps", "csat"}
    assert store.rejects == []
    assert store.warnings == [
        "source 'old': 2 responses in 2 files, 2021-02-23 to 2021-02-23: csat 1 (scores 2 to 2), "
        "nps 1 (scores 9 to 9). NPS by year: 2021 +100.0."
    ]


def test_files_that_did_not_change_are_not_opened(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.json", item(1))
    store = store_of(tmp_path)
    store.run()
    path.chmod(0)  # who opens it now fails, unless it is root
    before = store.pages
    assert store.run() is None and store.pages == before
    path.chmod(0o600)
    saved(tmp_path, "later/b.json", item(2))
    store.run()

    assert {key: len(one) for key, one in store.versions.items()} == {"r1": 1, "r2": 1}


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_the_state_changed_last_counts_whichever_file_is_read_last(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    saved(tmp_path, names[0], item(1, comment="Later", updated_at=1_700_000_000))
    store = store_of(tmp_path)
    store.run()
    saved(tmp_path, names[1], item(1, comment=None), item(2))
    store.run()

    assert len(store.versions["r1"]) == 1
    assert told_of(store, "r1")["response"]["comment"] == "Later"
    saved(tmp_path, "c.json", item(1, comment="Last", updated_at=1_800_000_000))
    store.run()
    assert [told["text"] for told in told_of(store, "r1")["answers"]] == ["9", "Last"]


def test_whatever_the_file_holds(tmp_path: Path) -> None:
    saved(tmp_path, "lines.jsonl", item(1), {"event_type": "x", "event_data": item(2)}, lines=True)
    (tmp_path / "one.json").write_text("\ufeff" + json.dumps(item(3)), encoding="utf-8")
    saved(tmp_path, "loaded.json", {"_airbyte_data": json.dumps(item(4))}, {"_airbyte_data": item(5)})
    saved(tmp_path, "bounces.json", {"person_id": "p", "email": "x@example.com", "bounced_at": 1})
    (tmp_path / "half.json").write_text(json.dumps([item(6), item(7, comment="\ud83d")]), encoding="utf-8")
    (tmp_path / "empty.json").write_text("", encoding="utf-8")
    store = store_of(tmp_path)
    assert store.run() is None

    assert set(store.newest) == {f"r{number}" for number in range(1, 7)}
    assert [("half.json, object 2" in one.reason, one.payload[:1]) for one in store.rejects] == [(True, b"{")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"score": 3}, "no id"),
        (item(9, created_at="last week"), "created_at is no time"),
        (7, "no JSON object"),
    ],
)
def test_what_cannot_be_understood_is_set_aside_and_its_neighbours_stay(
    tmp_path: Path, bad: Any, reason: str
) -> None:
    saved(tmp_path, "a.json", item(1), bad, item(2))
    store = store_of(tmp_path)
    assert store.run() is None

    assert set(store.newest) == {"r1", "r2"} and reason in store.rejects[0].reason


# ---------------------------------------------------------------- CSV


def test_columns_are_known_by_likely_names(tmp_path: Path) -> None:
    csv(
        tmp_path,
        "Survey Response ID,Survey Type,Score,Comment,Created At (UTC),Email,Name,Tags,Plan,What else?\n"
        'a1,NPS,10,"Two\nlines",2021-02-23 09:00:00,ann@example.com,Ann,"x, y",pro,\'=more\n'
        "a2,NPS,3,,2021-05-24 09:00:00 UTC,,,,,\n",
    )
    store = store_of(tmp_path, timezone="Asia/Tokyo", maps={"columns": {"What else?": "answer"}})
    assert store.run() is None

    one, told = store.newest["a1"], told_of(store, "a1")
    assert (one.survey_id, one.email) == ("nps", "ann@example.com")
    assert one.submitted_at == datetime(2021, 2, 23, 9, tzinfo=UTC)
    assert [(a["ref"], a["text"]) for a in told["answers"]] == [
        ("score", "10"),
        ("comment", "Two\nlines"),
        ("What else?", "=more"),
    ]
    assert told["properties"] == {"Plan": "pro", "tags": "x;y"}
    assert told["response"]["What else?"] == "'=more", "kept as it stood there"
    assert "Without any response: 2021-03, 2021-04" in store.warnings[0]
    assert "nobody says what they mean: Plan" in store.warnings[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1614041806", datetime(2021, 2, 23, 0, 56, 46, tzinfo=UTC)),
        ("2021-02-23T09:00:00+09:00", datetime(2021, 2, 23, tzinfo=UTC)),
        ("2021-02-23 09:00:00", datetime(2021, 2, 23, tzinfo=UTC)),
        ("2021-02-23 09:00:00 UTC", datetime(2021, 2, 23, 9, tzinfo=UTC)),
    ],
)
def test_times_in_every_dress(tmp_path: Path, text: str, expected: datetime) -> None:
    csv(tmp_path, f"id,score,date\na,1,{text}\n")
    store = store_of(tmp_path, timezone="Asia/Tokyo")
    store.run()

    assert store.newest["a"].submitted_at == expected


def test_rows_without_an_id_are_known_by_what_they_say(tmp_path: Path) -> None:
    csv(tmp_path, "score,comment,date,email\n9,Good,2021-02-23,a@example.com\n9,,2021-02-24,\n,,,\n")
    store = store_of(tmp_path, survey_id="nps")
    store.run()
    csv(tmp_path, "date,email,score,comment\n2021-02-23,a@example.com,9,Good\n", "again.csv")
    store.run()

    assert {len(one) for one in store.versions.values()} == {1} and len(store.versions) == 2
    assert all(told_of(store, key)["is_surrogate"] for key in store.newest)
    assert {one.survey_id for one in store.newest.values()} == {"nps"}


def test_tables_of_loaders_hold_json_in_cells(tmp_path: Path) -> None:
    answers = json.dumps(
        json.loads((SAMPLES / "survey_responses.json").read_bytes())[0]["additional_answers"]
    )
    quoted = answers.replace('"', '""')
    csv(
        tmp_path,
        "id,survey_type,score,created_at,person,person_properties,additional_answers\n"
        f'a,csat,4,1614041806,p1,"{{""store"": 17}}","{quoted}"\n',
    )
    saved(tmp_path, "people.json", {"id": "p1", "email": "bo@example.com"})
    store = store_of(tmp_path, customer_id="{person.id}")
    store.run()

    assert told_of(store, "a")["properties"] == {"store": "17"}
    assert len(told_of(store, "a")["answers"]) == 6 and store.newest["a"].email == "bo@example.com"


# ---------------------------------------------------------------- refusals


def test_a_file_that_cannot_be_read_fails_the_source_after_the_others(tmp_path: Path) -> None:
    saved(tmp_path, "a.json", item(1))
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04 no table")
    store = store_of(tmp_path)
    error = store.run()

    assert isinstance(error, SourceError) and "b.csv was not read" in str(error)
    assert set(store.newest) == {"r1"} and store.cursors == {}


def test_no_path_and_no_file_are_named(tmp_path: Path) -> None:
    empty = store_of(tmp_path / "none")
    assert empty.run() is None and "no file" in empty.warnings[0]
    with pytest.raises(SourceError, match="no path"):
        list(pages(Asked(Source(name="old", tool="delighted"), NOW, tmp_path)))
