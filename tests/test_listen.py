"""Listen: the ledger's events come to raw once each, whatever happens on the way."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import ledger
from flows.ledger import Ledger
from flows.listen import close_resolved, copy_events, copy_preferences
from flows.records import HeardbackError, Letter, Promise
from flows.warehouse import raw
from flows.warehouse.ledger_copy import last_event

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def promise(book: Ledger, *keys: str) -> None:
    made = [
        Promise(key, "recover", "r", "anna", "shop", "rule", NOW, "b", {"tell_customer": "both"})
        for key in keys
    ]
    letter = Letter(f"<{keys[0]}@x>", "assignment", keys, "a@x", "s", b"")
    ledger.promise(book, made, lambda new: letter, NOW)


def copied(home: Path) -> list[tuple[object, ...]]:
    with raw.opened(home, read_only=True) as connection:
        query = (
            'select event_id, assignment_key, event, "at", actor, note from ledger_events order by event_id'
        )
        return connection.execute(query).fetchall()


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    """Open an empty ledger."""
    return ledger.open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def test_events_come_over_once(book: Ledger, tmp_path: Path) -> None:
    promise(book, "a", "b")
    assert copy_events.fn(book, tmp_path) == 2
    assert copy_events.fn(book, tmp_path) == 0
    ledger.record_event(book, "a", "contacted", "anna", NOW + timedelta(hours=1), "שלום")
    assert copy_events.fn(book, tmp_path) == 1
    assert copied(tmp_path) == [
        (1, "a", "assigned", datetime(2026, 5, 4, 9), "heardback", None),
        (2, "b", "assigned", datetime(2026, 5, 4, 9), "heardback", None),
        (3, "a", "contacted", datetime(2026, 5, 4, 10), "anna", "שלום"),
    ]


def test_dbt_reads_times_and_states_out_of_the_details(book: Ledger, tmp_path: Path) -> None:
    promise(book, "a")
    copy_events.fn(book, tmp_path)
    with raw.opened(tmp_path, read_only=True) as connection:
        query = (
            "select try_cast(json_extract_string(details, '$.due_at') as timestamp), "
            "json_extract_string(details, '$.status') from ledger_events"
        )
        assert connection.execute(query).fetchone() == (datetime(2026, 5, 4, 9), "assigned")


def test_what_is_resolved_long_enough_is_closed(book: Ledger) -> None:
    promise(book, "a")
    ledger.record_event(book, "a", "resolved", "anna", NOW, root_cause_id="late")
    assert close_resolved.fn(book, NOW + timedelta(days=7), 7) == 1
    assert close_resolved.fn(book, NOW + timedelta(days=7), 7) == 0


def test_another_ledger_in_its_place_is_noticed(book: Ledger, tmp_path: Path) -> None:
    promise(book, "a", "b")
    copy_events.fn(book, tmp_path)
    with (
        ledger.open_ledger(f"sqlite:///{tmp_path / 'other.sqlite'}") as other,
        pytest.raises(HeardbackError, match="HEARDBACK_LEDGER_URL"),
    ):
        copy_events.fn(other, tmp_path)


def test_killed_at_random_nothing_is_lost_or_doubled(book: Ledger, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from flows import ledger; "
        "from flows.warehouse.ledger_copy import append_events, last_event\n"
        "book = ledger.open_ledger(sys.argv[1]); home = Path(sys.argv[2]); print('at work', flush=True)\n"
        "while True: append_events(home, ledger.events_after(book, last_event(home)))"
    )
    chance = random.Random(3)
    for number in range(8):
        promise(book, *(f"k{number}-{place}" for place in range(300)))
        words = [sys.executable, "-c", program, str(book.engine.url), str(tmp_path)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.wait()
        process.stdout.close()
    copy_events.fn(book, tmp_path)
    assert [row[0] for row in copied(tmp_path)] == list(range(1, 2401))
    assert last_event(tmp_path) == 2400


def test_preferences_come_over_with_the_newest_word_last(book: Ledger, tmp_path: Path) -> None:
    for minutes, allowed in ((0, False), (1, False), (2, True)):
        at = NOW + timedelta(minutes=minutes)
        is_new = ledger.prefer(book, "c", "follow_up", allowed=allowed, at=at, source="unsubscribe")
        assert is_new == (minutes != 1)
        assert copy_preferences.fn(book, tmp_path) == int(is_new)
    assert ledger.refusing(book, ["c", "d"], "follow_up") == set()
    ledger.prefer(book, "d", "all", allowed=False, at=NOW, source="unsubscribe")
    assert ledger.refusing(book, ["c", "d"], "follow_up") == {"d"}
    assert copy_preferences.fn(book, tmp_path) == 1
    with raw.opened(tmp_path, read_only=True) as connection:
        rows = connection.execute("from ledger_preferences order by copy_no").fetchall()
    assert [row[:4] for row in rows] == [
        (1, "c", "follow_up", False), (2, "c", "follow_up", True), (3, "d", "all", False)
    ]  # fmt: skip
