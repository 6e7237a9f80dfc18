"""`transform_10m_*`: ten million answers of two million customers, beside one hand-written DuckDB script.

`transform_10m_vs_sql` is the full build by the script, over the marts that the script makes: what serves the
other marts alone is taken off the build by its share of all models' seconds, and so are dbt's start (a build
over an empty store) and dbt's tests. `transform_new_10m_vs_full` is a second run of the day with 10,000 new
answers by the full build, both less an empty run: one of the same day over the same store, with nothing new.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks import by_hand, population
from benchmarks.harness import BUILD, DidNotEnd, python
from benchmarks.transform import built

SIZE = population.Size(10_000_000, 2_000_000)
SMALL = population.Size(100_000, 20_000)
NEW, LATE = 4_000, 20  # responses: 10,000 answers, 50 of them dated anywhere in two years
LIMIT = 7200  # seconds


def measure(size: population.Size = SIZE) -> dict[str, float]:
    """Give the three numbers and what they are made of; raises DidNotEnd where the script's rows differ."""
    folder = BUILD / "bench" / "transform_10m"
    shutil.rmtree(folder, ignore_errors=True)
    population.write_programme(folder / "programme")
    _same_rows(folder / "small")
    empty, home = folder / "empty", folder / "home"
    population.land_stored(empty, population.Size(0, 0))
    population.land_stored(home, size)
    start = built(empty, 0, "watched")
    full = built(home, 0, "watched")
    print((home / "watched.txt").read_text(encoding="utf-8"), flush=True)
    others = _share_of_others(home) * (full.seconds - start.seconds)
    script = python("benchmarks.by_hand", "run", home, seconds=LIMIT)
    (home / by_hand.FILE).unlink()
    tests = built(home, 0, "tests")
    idle = built(home, 1)
    population.land_new(home, 2, size.responses, NEW, size, LATE)
    new = built(home, 2, "watched")
    print((home / "watched.txt").read_text(encoding="utf-8"), flush=True)
    compared = full.seconds - start.seconds - others
    return {
        "transform_10m_vs_sql": compared / script.seconds,
        "transform_10m_peak_gb": max(full.peak_mb, new.peak_mb, tests.peak_mb) / 1e3,
        "transform_new_10m_vs_full": (new.seconds - idle.seconds) / (full.seconds - idle.seconds),
        "transform_10m_full_seconds": full.seconds,
        "transform_10m_start_seconds": start.seconds,
        "transform_10m_tests_seconds": tests.seconds - start.seconds,
        "transform_10m_other_marts_seconds": others,
        "transform_10m_sql_seconds": script.seconds,
        "transform_10m_sql_peak_gb": script.peak_mb / 1e3,
        "transform_new_10m_seconds": new.seconds,
        "transform_new_10m_idle_seconds": idle.seconds,
    }


def _same_rows(home: Path) -> None:
    """Hold the script to dbt's rows on a hundredth of the answers."""
    population.land_stored(home, SMALL)
    built(home, 0)
    by_hand.run(home)
    wrong = {mart: count for mart, count in by_hand.differing(home).items() if count}
    if wrong:
        raise DidNotEnd(f"the hand-written script makes other rows: {wrong}")
    shutil.rmtree(home)


def _share_of_others(home: Path) -> float:
    """Give the share of the models' seconds that went into what the script's marts do not stand on."""
    seconds: dict[str, float] = json.loads((home / "watched.json").read_text(encoding="utf-8"))
    needed = _stood_on(home, set(by_hand.MARTS))
    return sum(took for name, took in seconds.items() if name not in needed) / sum(seconds.values())


def _stood_on(home: Path, names: set[str]) -> set[str]:
    manifest = json.loads((home / "dbt" / "target" / "manifest.json").read_text(encoding="utf-8"))
    parents = {
        key.rsplit(".", 1)[1]: [one.rsplit(".", 1)[1] for one in found if one.startswith("model.")]
        for key, found in manifest["parent_map"].items()
        if key.startswith("model.")
    }
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += parents.get(name, [])
    return found
