"""`collect_1m_*`: a million responses pulled, then pulled again when every twentieth was edited.

Both contestants end with every version of every response; dlt's best only, where it ends in ten minutes.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import duckdb

from benchmarks.collect import FOLDER, best, ours
from benchmarks.harness import DidNotEnd, Measured, server
from benchmarks.tool import EDITED

RESPONSES, SMALLER, PAGE = 1_000_000, 100_000, 1_000
AGAIN = ("--since", "2000-01-01")


def measure() -> dict[str, float]:
    """Give dlt's seconds by ours, our peaks of memory, and the disk we take by what gzip would."""
    with server("benchmarks.tool", 0) as url:
        empty = {one: [one(url, 0), one(url, 0, again=True)] for one in (ours, best)}
    small = _pulled(SMALLER, ours)[ours]
    numbers: dict[str, float] = {}
    for count in (RESPONSES, SMALLER):
        try:
            pulled = _pulled(count, ours, best)
        except DidNotEnd as reason:
            print(f"dlt with {count:,} responses: {reason}", flush=True)
            continue
        seconds = {one: _seconds(runs) - _seconds(empty[one]) for one, runs in pulled.items()}
        numbers = {
            "collect_1m_vs_dlt_best": seconds[best] / seconds[ours],
            "collect_1m_dlt_best_responses": count,
            "collect_1m_dlt_best_seconds": seconds[best],
            "collect_1m_dlt_best_peak_mb": _peak(pulled[best]),
        }
        break
    if numbers.get("collect_1m_dlt_best_responses") != RESPONSES:
        pulled = _pulled(RESPONSES, ours)
        seconds = {ours: _seconds(pulled[ours]) - _seconds(empty[ours])}
    return numbers | {
        "collect_1m_seconds": seconds[ours],
        "collect_1m_peak_mb": _peak(pulled[ours]),
        "collect_peak_1m_vs_100k": _peak(pulled[ours]) / _peak(small),
        "raw_bytes_vs_gzip": raw_bytes_vs_gzip(FOLDER / "ours" / "home" / "raw.duckdb"),
    }


def _pulled(count: int, *contestants: object) -> dict[object, list[Measured]]:
    """Let each pull everything twice, with edits between."""
    with server("benchmarks.tool", count) as url:
        first = {one: [one(url, count)] for one in contestants}  # type: ignore[operator]
        with urlopen(f"{url}/edit", timeout=60) as answer:
            answer.read()
        rows = count + count // EDITED
        for one, runs in first.items():
            words = AGAIN if one is ours else ()
            runs.append(one(url, count, *words, rows=rows, again=True))  # type: ignore[operator]
    return first


def raw_bytes_vs_gzip(file: Path) -> float:
    """Give the bytes on disk of `raw` by those of its payloads packed with gzip in pages of a thousand."""
    packed = sum(len(gzip.compress(page, 6)) for page in _pages(file))
    return file.stat().st_size / packed


def _pages(file: Path) -> Iterator[bytes]:
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute("select payload from responses order by load_id, sequence")
        while rows := found.fetchmany(PAGE):
            yield b",".join(payload.encode() for (payload,) in rows)


def _seconds(runs: list[Measured]) -> float:
    return sum(one.seconds for one in runs)


def _peak(runs: list[Measured]) -> float:
    return max(one.peak_mb for one in runs)
