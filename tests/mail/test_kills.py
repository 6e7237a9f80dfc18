"""kill -9 at any instant: nothing promised is lost, and no letter comes twice but the one in the air."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows.ledger import events_after, letters_by_status, open_ledger, promised_keys

COURIER = Path(__file__).with_name("courier.py")


def work(url: str, smtp_url: str, folder: Path, owners: int, life: float | None) -> bool:
    """Let one courier work, `life` seconds after its imports (None: to its end); tells if it was killed."""
    words = [sys.executable, str(COURIER), url, smtp_url, str(folder), str(owners)]
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


def kill_often(tmp_path: Path, smtp_url: str, kills: int, owners: int, seed: int) -> int:
    """Kill couriers at random instants, then let one finish; returns how many died at work."""
    url, chance, killed = f"sqlite:///{tmp_path / 'ledger.sqlite'}", random.Random(seed), 0
    for _ in range(kills):
        killed += work(url, smtp_url, tmp_path / "letters", owners, chance.uniform(0, 0.12))
    work(url, smtp_url, tmp_path / "letters", owners, None)
    with open_ledger(url) as book:
        assert letters_by_status(book) == {"sent": owners}
        keys = {f"key-{owner}-{number}" for owner in range(owners) for number in range(3)}
        assert promised_keys(book) == keys
        assert Counter(row["assignment_key"] for row in events_after(book, 0)) == Counter(keys)
    return killed


def check_maildir(tmp_path: Path, kills: int, owners: int) -> None:
    died = kill_often(tmp_path, "", kills, owners, 1)
    assert died >= kills // 3
    letters = [path.read_bytes() for path in (tmp_path / "letters" / "new").iterdir()]
    told = Counter(
        line for body in letters for line in body.split(b"\n") if line.startswith(b"X-Heardback-Assignment")
    )
    assert len(letters) == owners
    assert len(told) == owners * 3
    assert set(told.values()) == {1}


def check_smtp(tmp_path: Path, postmaster: Any, kills: int, owners: int) -> None:
    died = kill_often(tmp_path, postmaster.url, kills, owners, 2)
    assert died >= kills // 3
    ids = postmaster.ids
    copies = Counter(ids)
    assert len(copies) == owners
    assert sum(copies.values()) - owners <= died
    by_id: dict[str, set[bytes]] = {}
    for identity, (_, body) in zip(ids, postmaster.letters, strict=True):
        by_id.setdefault(identity, set()).add(body)
    assert all(len(bodies) == 1 for bodies in by_id.values())


def test_killed_at_random_a_maildir_holds_each_letter_once(tmp_path: Path) -> None:
    check_maildir(tmp_path, 8, 40)


def test_killed_at_random_a_mail_server_gets_each_letter_and_at_most_one_twin_per_death(
    tmp_path: Path, postmaster: Any
) -> None:
    check_smtp(tmp_path, postmaster, 8, 40)


@pytest.mark.prove
def test_killed_a_hundred_times_with_a_maildir(tmp_path: Path) -> None:
    check_maildir(tmp_path, 100, 700)


@pytest.mark.prove
def test_killed_a_hundred_times_with_a_mail_server(tmp_path: Path, postmaster: Any) -> None:
    check_smtp(tmp_path, postmaster, 100, 700)
