"""`collect_new_5m_vs_50k`: ten thousand new responses on five million stored, and on fifty thousand."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import duckdb

from benchmarks.collect import FOLDER, fresh, run, started
from benchmarks.harness import DidNotEnd, Measured, middle, server

STORED, NEW, TIMES, ROUNDS = 50_000, 10_000, 100, 7
# The same answers of other people, a stretch of time earlier each.
_GROW = """
insert into responses
select responses.* replace (
    response_id || '-' || n as response_id, submitted_at - to_days(n * 40) as submitted_at,
    hash(response_id, n) as content_hash)
from responses, range(1, {times}) as earlier(n)
order by submitted_at
"""


def measure() -> dict[str, float]:
    """Give the seconds on the large store by those on the small one, an empty run of each subtracted."""
    with server("benchmarks.tool", STORED + NEW, NEW) as url:
        stores = _stores(url)
        with urlopen(f"{url}/reveal", timeout=60) as answer:
            answer.read()
        new: dict[str, list[Measured]] = {name: [] for name in stores}
        idle: dict[str, list[Measured]] = {name: [] for name in stores}
        for _ in range(ROUNDS):
            for name, store in stores.items():
                trial = fresh("trial")
                shutil.copytree(store, trial, dirs_exist_ok=True)
                os.sync()  # or a run would wait for the disk to take in the copy
                new[name].append(run(url, trial))
                _verify(trial, TIMES if name == "5m" else 1)
                idle[name].append(run(url, trial))
    # Beside the idle run of its own round: copies of a large store make a machine slow for a while.
    seconds = {
        name: median(one.seconds - other.seconds for one, other in zip(new[name], idle[name], strict=True))
        for name in stores
    }
    return {
        "collect_new_5m_vs_50k": seconds["5m"] / seconds["50k"],
        "collect_new_5m_seconds": seconds["5m"],
        "collect_new_50k_seconds": seconds["50k"],
        "collect_new_5m_idle_seconds": middle(idle["5m"]),
    }


def _stores(url: str) -> dict[str, Path]:
    """Make the small store by collecting, the large one of it in SQL."""
    small, large = fresh("small"), FOLDER / "large"
    shutil.copytree(started(url), small, dirs_exist_ok=True)
    run(url, small)
    fresh("large")
    shutil.copytree(small, large, dirs_exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{large / 'home' / 'raw.duckdb'}' as raw (row_group_size 20480)")
        connection.execute("use raw")
        connection.execute("set memory_limit = '4GB'")
        connection.execute(_GROW.format(times=TIMES))
    return {"50k": small, "5m": large}


def _verify(folder: Path, times: int) -> None:
    with duckdb.connect(str(folder / "home" / "raw.duckdb"), read_only=True) as connection:
        found = connection.execute("select count(*), count(distinct response_id) from responses").fetchone()
    wanted = STORED * times + NEW
    if found != (wanted, wanted):
        raise DidNotEnd(f"heardback: {found} rows and ids, not {wanted}")
