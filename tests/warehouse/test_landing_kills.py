"""Landing under kill -9 and on a full disk: every response once, no cursor ahead of its rows."""

from __future__ import annotations

import itertools
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.warehouse.lander import SIZE
from tests.warehouse.landings import cursors, rows

ROOT = Path(__file__).parents[2]
WORDS = [sys.executable, "-m", "tests.warehouse.lander"]


class Lander:
    """Hold the process whose children land and are killed."""

    def __init__(self, home: Path, total: int) -> None:
        self.process = subprocess.Popen(
            [*WORDS, str(home), str(total)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def live(self, seconds: float) -> str:
        """Let a child work; gives `killed` or `ended` with its status."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def is_consistent(home: Path) -> int:
    """Check that the rows are exactly those that the cursor stands for; gives where it stands."""
    position = int(cursors(home).get(("visit", "next"), 0))
    found = rows(home, "select response_id from responses")
    assert sorted(int(name[1:]) for (name,) in found) == list(range(position))
    assert rows(home, "select count(*), count(distinct record_key) from rejects") == [
        (-(-position // SIZE), -(-position // SIZE))
    ]
    return position


def kill_often(home: Path, kills: int, longest: float, seed: int) -> int:
    """Kill landers at random instants, until so many died; gives in how many places.

    Who lands everything before its instant is followed by landers with a home of their own, so that a fast
    machine sees as many kills; where five in a row land nothing, as on a busy machine, the next live longer.
    """
    total, chance, places = kills * 400, random.Random(seed), 0
    died, homes = 0, itertools.count()
    while died < kills:
        here = home / str(next(homes))
        here.mkdir()
        dead, found, longest = _killed(here, total, kills - died, longest, chance)
        died, places = died + dead, places + found
        assert is_consistent(here) == total
        assert rows(here, "select count(*) from customers") == [(total // SIZE,)]
        newest = f"as of {(total - SIZE) // 400}"
        assert rows(
            here, "select arg_max(payload ->> 'title', (load_id, sequence)), count(*) from definitions"
        ) == [(newest, (total - SIZE) // 400 + 1)]
    return places


def _killed(
    home: Path, total: int, kills: int, longest: float, chance: random.Random
) -> tuple[int, int, float]:
    """Kill so many landers of a home, or fewer if one ends; gives how many, in how many places, `longest`."""
    places, fruitless, died = {0}, 0, 0
    lander = Lander(home, total)
    try:
        while died < kills and lander.live(chance.uniform(0.01, longest)) == "killed":
            died += 1
            place = is_consistent(home)
            fruitless = fruitless + 1 if place in places else 0
            if fruitless == 5:
                longest, fruitless = 1.5 * longest, 0
            places.add(place)
        assert lander.live(0) == "ended 0"
    finally:
        lander.close()
    return died, len(places), longest


def test_killed_at_any_instant_it_goes_on(tmp_path: Path) -> None:
    assert kill_often(tmp_path, 24, 0.5, seed=7) >= 6


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(4))
def test_killed_a_thousand_times_it_goes_on(tmp_path: Path, seed: int) -> None:
    assert kill_often(tmp_path, 250, 0.5, seed) >= 50


def limited(size: int) -> Callable[[], None]:
    """Let no file of a process grow beyond a size, as a full disk would not."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return limit


@pytest.mark.parametrize("size", [300_000, 1_200_000, 1_700_000])
def test_a_file_that_may_not_grow_ends_it_in_a_sentence_and_loses_nothing(tmp_path: Path, size: int) -> None:
    full = subprocess.run(
        [*WORDS, str(tmp_path), "8000"],
        input="0\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        preexec_fn=limited(size),
        check=False,
    )
    assert "failed: " in full.stdout and "raw.duckdb" in full.stdout, full.stdout + full.stderr
    assert full.stdout.endswith("ended 1\n") and "Traceback" not in full.stderr
    assert is_consistent(tmp_path) < 8000

    lander = Lander(tmp_path, 8000)
    assert lander.live(0) == "ended 0"
    lander.close()
    assert is_consistent(tmp_path) == 8000
