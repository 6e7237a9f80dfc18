"""`collect_100k_*`: a hundred thousand Typeform responses into a fresh home, beside dlt's two ways.

Every contestant must hold each response once afterwards, ours and dlt's best also when run a second time.
Our homes are copies of one that has started before: Prefect's first start makes its database, which takes
seconds, other ones each time, and is no part of collecting.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

from benchmarks.harness import BUILD, DidNotEnd, Measured, middle, peer, process, server

RESPONSES, SMALLER, SECOND, ROUNDS = 100_000, (100_000, 10_000, 1_000), 5_000, 3
FOLDER = BUILD / "bench" / "collect"
_STARTED: list[Path] = []
CONFIGURATION = """
sources:
  - name: forms
    tool: typeform
    base_url: ${BENCH_URL}
    token: ${BENCH_TOKEN}
    customer_id: "{hidden.customer_id}"
"""


def measure() -> dict[str, float]:
    """Give dlt's seconds by ours, an empty run of each subtracted, and our peak of memory."""
    ours_start, best_start, default_start = _rounds(0, ours, best, default)
    ours_full, best_full = _rounds(RESPONSES, ours, best)
    seconds = middle(ours_full) - middle(ours_start)
    _twice()
    numbers = {
        "collect_100k_peak_mb": max(one.peak_mb for one in ours_full),
        "collect_100k_seconds": seconds,
        "collect_100k_dlt_best_seconds": middle(best_full) - middle(best_start),
        "collect_100k_dlt_best_peak_mb": max(one.peak_mb for one in best_full),
    }
    numbers["collect_100k_vs_dlt_best"] = numbers["collect_100k_dlt_best_seconds"] / seconds
    return numbers | _default(middle(ours_start), middle(default_start))


def _default(our_start: float, their_start: float) -> dict[str, float]:
    """Compare with dlt's defaults over the most responses that they end with in time and memory."""
    for count in SMALLER:
        with server("benchmarks.tool", count) as url:
            try:
                first = default(url, count)
            except DidNotEnd as reason:
                print(f"dlt default with {count:,} responses: {reason}", flush=True)
                continue
            theirs, mine = [first], [ours(url, count)]
            if first.seconds < 120:  # otherwise once says enough
                for _ in range(ROUNDS - 1):
                    theirs.append(default(url, count))
                    mine.append(ours(url, count))
        took = middle(theirs) - their_start
        return {
            "collect_100k_vs_dlt_default": took / (middle(mine) - our_start),
            "collect_dlt_default_responses": count,
            "collect_dlt_default_seconds": took,
            "collect_dlt_default_peak_mb": max(one.peak_mb for one in theirs),
        }
    raise DidNotEnd("dlt's defaults ended with no number of responses")


def _rounds(count: int, *contestants: object) -> list[list[Measured]]:
    """Let the contestants run in turn, several rounds, against one server."""
    measured: list[list[Measured]] = [[] for _ in contestants]
    with server("benchmarks.tool", count) as url:
        for _ in range(ROUNDS):
            for runs, contestant in zip(measured, contestants, strict=True):
                runs.append(contestant(url, count))  # type: ignore[operator]
    return measured


def _twice() -> None:
    """Let ours and dlt's best collect a second time: not one response may be there twice."""
    with server("benchmarks.tool", SECOND) as url:
        for contestant in (ours, best):
            contestant(url, SECOND)
            contestant(url, SECOND, again=True)


def ours(url: str, count: int, *words: str, rows: int | None = None, again: bool = False) -> Measured:
    """Run `heardback collect` over a home without answers, or once more; verify what it holds.

    `rows` are the versions it must hold of its responses, where they are more than one each.
    """
    folder = FOLDER / "ours"
    if not again:
        fresh("ours")
        shutil.copytree(started(url), folder, dirs_exist_ok=True)
    took = run(url, folder, *words)
    with duckdb.connect(str(folder / "home" / "raw.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select count(*), count(distinct response_id) from responses where not is_deleted"
        ).fetchone()
    if found != (rows or count, count):
        raise DidNotEnd(f"heardback: {found} rows and ids, not {(rows or count, count)}")
    return took


def started(url: str) -> Path:
    """Give a home that has started once and holds no answers; made once in a process."""
    folder = FOLDER / "started"
    if not _STARTED:
        fresh("started")
        (folder / "heardback.yml").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "programme").mkdir()
        run(url, folder)
        (folder / "home" / "raw.duckdb").unlink()
        _STARTED.append(folder)
    return folder


def run(url: str, folder: Path, *words: str) -> Measured:
    """Run `heardback collect` in a folder that has a configuration."""
    environment = {
        "HEARDBACK_HOME": str(folder / "home"),
        "HEARDBACK_CONFIG": str(folder / "heardback.yml"),
        "HEARDBACK_NOW": "2026-05-04T09:00:00Z",
        "BENCH_URL": url,
        "BENCH_TOKEN": "tfp_bench",
    }
    return process([sys.executable, "-m", "flows.cli", "collect", *words], environment)


def best(url: str, count: int, *, rows: int | None = None, again: bool = False) -> Measured:
    """Run dlt's quickest way to the same durable result: versions, in Arrow tables, no nesting."""
    return _dlt("best", url, count, rows or count, again)


def default(url: str, count: int) -> Measured:
    """Run dlt as its tutorials show it."""
    return _dlt("default", url, count, count, False)


def _dlt(mode: str, url: str, count: int, rows: int, again: bool) -> Measured:
    folder = FOLDER / mode if again else fresh(mode)
    took = peer("dlt_peer.py", mode, url, folder)
    if count:
        peer("dlt_peer.py", "verify", rows, count, folder)
    return took


def fresh(name: str) -> Path:
    """Make an empty folder of a name."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
