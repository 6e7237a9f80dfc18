"""`collect_100k_*`: a hundred thousand Typeform responses into a fresh home, beside dlt's two ways.

Every contestant must hold each response once afterwards, ours and dlt's best also when run a second time.
Our homes are copies of one that has started before: Prefect's first start makes its database, which takes
seconds, other ones each time, and is no part of collecting.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.harness import BUILD, DidNotEnd, Measured, peer, process, server

RESPONSES, SMALLER, SECOND, ROUNDS = 100_000, (100_000, 10_000, 1_000), 5_000, 7
Contestant = Callable[[str, int], Measured]
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
    _twice()
    with server("benchmarks.tool", 0) as nothing:
        with server("benchmarks.tool", RESPONSES) as url:
            mine, theirs = _rounds(nothing, url, RESPONSES, ours, best)
        numbers = {
            "collect_100k_peak_mb": mine.peak_mb,
            "collect_100k_seconds": mine.seconds,
            "collect_100k_dlt_best_seconds": theirs.seconds,
            "collect_100k_dlt_best_peak_mb": theirs.peak_mb,
            "collect_100k_vs_dlt_best": theirs.seconds / mine.seconds,
        }
        return numbers | _default(nothing)


def _default(nothing: str) -> dict[str, float]:
    """Compare with dlt's defaults over the most responses that they end with in time and memory."""
    for count in SMALLER:
        with server("benchmarks.tool", count) as url:
            try:
                first = default(url, count)
            except DidNotEnd as reason:
                print(f"dlt default with {count:,} responses: {reason}", flush=True)
                continue
            # Where it takes minutes, once says enough.
            rounds = 3 if first.seconds < 120 else 1
            mine, theirs = _rounds(nothing, url, count, ours, default, rounds=rounds)
        return {
            "collect_100k_vs_dlt_default": theirs.seconds / mine.seconds,
            "collect_dlt_default_responses": count,
            "collect_dlt_default_seconds": theirs.seconds,
            "collect_dlt_default_peak_mb": theirs.peak_mb,
        }
    raise DidNotEnd("dlt's defaults ended with no number of responses")


def _rounds(
    nothing: str, url: str, count: int, *contestants: Contestant, rounds: int = ROUNDS
) -> list[Measured]:
    """Let contestants run in turn, each first with nothing to collect; gives what each took above that.

    Of the seconds of all rounds the median, of the peaks the highest. A machine that gets slower while this
    goes on makes both runs of a round slower.
    """
    above: list[list[float]] = [[] for _ in contestants]
    peaks = [0.0 for _ in contestants]
    for _ in range(rounds):
        for place, contestant in enumerate(contestants):
            empty, full = contestant(nothing, 0), contestant(url, count)
            above[place].append(full.seconds - empty.seconds)
            peaks[place] = max(peaks[place], full.peak_mb)
    return [Measured(median(took), peak) for took, peak in zip(above, peaks, strict=True)]


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
