"""kill -9 at any instant: nothing promised is lost, and no letter comes twice but those in the air."""

from __future__ import annotations

import email
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows.ledger import events_after, letters_by_status, open_ledger, promised_keys

CONNECTIONS = 4
COURIER = Path(__file__).with_name("courier.py")


def work(url: str, smtp_url: str, folder: Path, owners: int, first: int, life: float | None) -> bool:
    """Let one courier work, `life` seconds after its imports (None: to its end); tells if it was killed."""
    words = [sys.executable, str(COURIER), url, smtp_url, str(folder), str(owners), str(first)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    if life is not None:
        time.sleep(life)
        process.kill()
    finished = "done" in process.stdout.read()
    process.wait()
    assert finished or life is not None
    return not finished


def kill_often(tmp_path: Path, smtp_url: str, kills: int, owners: int, seed: int) -> tuple[int, set[str]]:
    """Kill couriers at random instants, then let one finish; gives how many died, and all Message-IDs.

    Everything was promised, reminded of, escalated and told once, and stands in one letter of its kind.
    """
    file, chance, killed = tmp_path / "ledger.sqlite", random.Random(seed), 0
    url, folder = f"sqlite:///{file}", tmp_path / "letters"
    for _ in range(kills):
        killed += work(url, smtp_url, folder, owners, chance.randrange(-1, 4), chance.uniform(0, 0.15))
    work(url, smtp_url, folder, owners, 0, None)
    keys = {f"key-{owner}-{number}" for owner in range(owners) for number in range(3)}
    told = {f"key-{owner}-0" for owner in range(owners)}
    with open_ledger(url) as book:
        assert set(letters_by_status(book)) == {"sent"}
        assert promised_keys(book) == keys
        happened = Counter((row["event"], row["assignment_key"]) for row in events_after(book, 0))
    once = {(event, key) for event in ("assigned", "reminded", "escalated") for key in keys}
    assert happened == Counter(once | {("confirmed", key) for key in told})
    with sqlite3.connect(file) as connection:
        rows = connection.execute("select message_id, kind, assignment_keys from letters").fetchall()
    stands_in = Counter((kind, key) for _, kind, held in rows for key in keys_in(held))
    assert stands_in == Counter(
        {(kind, key) for kind in ("assignment", "reminder", "escalation") for key in keys}
        | {("customer", key) for key in told}
    )
    assert sum(kind == "digest" for _, kind, _ in rows) == len(range(0, owners, 10))
    return killed, {identity for identity, _, _ in rows}


def keys_in(held: str) -> list[str]:
    """Read the keys of a letter as the ledger holds them."""
    return [part for part in held.strip("[]").replace('"', "").split(", ") if part]


def check_maildir(tmp_path: Path, kills: int, owners: int) -> None:
    died, identities = kill_often(tmp_path, "", kills, owners, 1)
    assert died >= kills // 3
    letters = [email.message_from_bytes(path.read_bytes()) for path in (tmp_path / "letters/new").iterdir()]
    assert Counter(letter["Message-ID"] for letter in letters) == Counter(identities)
    told = Counter(key for letter in letters for key in letter.get_all("X-Heardback-Assignment", []))
    assert len(told) == owners * 3
    assert set(told.values()) == {1}


def check_smtp(tmp_path: Path, postmaster: Any, kills: int, owners: int) -> None:
    died, identities = kill_often(tmp_path, postmaster.url, kills, owners, 2)
    assert died >= kills // 3
    ids = postmaster.ids
    copies = Counter(ids)
    assert set(copies) == identities
    assert sum(copies.values()) - len(copies) <= died * CONNECTIONS
    by_id: dict[str, set[bytes]] = {}
    for identity, (_, body) in zip(ids, postmaster.letters, strict=True):
        by_id.setdefault(identity, set()).add(body)
    assert all(len(bodies) == 1 for bodies in by_id.values())


def test_killed_at_random_a_maildir_holds_each_letter_once(tmp_path: Path) -> None:
    check_maildir(tmp_path, 8, 25)


def test_killed_at_random_a_mail_server_gets_each_letter_and_few_twins_per_death(
    tmp_path: Path, postmaster: Any
) -> None:
    check_smtp(tmp_path, postmaster, 8, 25)


@pytest.mark.prove
def test_killed_two_hundred_times_with_a_maildir(tmp_path: Path) -> None:
    check_maildir(tmp_path, 200, 500)


@pytest.mark.prove
def test_killed_two_hundred_times_with_a_mail_server(tmp_path: Path, postmaster: Any) -> None:
    check_smtp(tmp_path, postmaster, 200, 500)
