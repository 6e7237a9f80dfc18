"""The hand-written script beside dbt: `python -m benchmarks.by_hand run HOME` and `… compare HOME`."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks.population import NOW

SCRIPT = Path(__file__).with_suffix(".sql")
FILE = "by_hand.duckdb"
# What it makes. Left out are `load_id` of journey_metrics, and metrics and channels of coverage.
MARTS = (
    "responses",
    "response_properties",
    "answers",
    "comments",
    "comment_themes",
    "customers",
    "journey_metrics",
    "outcomes",
    "coverage",
)
PERIODS = {
    "day": ("local_date", "true"),
    "week": ("date_trunc('week', local_date)::date", "true"),
    "month": ("date_trunc('month', local_date)::date", "true"),
    "quarter": ("date_trunc('quarter', local_date)::date", "true"),
    "all": ("date '1970-01-01'", "true"),
    "rolling_90d": (f"date '{NOW.date() - timedelta(days=90)}'", 90),
    "before_90d": (f"date '{NOW.date() - timedelta(days=180)}'", 90),
}


def statements() -> Iterator[str]:
    """Give the script's statements in order; what is marked `@period` comes once for every period."""
    for text in re.sub(r"^--(?! @period).*\n", "", SCRIPT.read_text(encoding="utf-8"), flags=re.M).split(";"):
        if "-- @period" not in text:
            yield text.strip()
            continue
        for name, (start, days) in PERIODS.items():
            if "but day" in text and name == "day":
                continue
            inside = f"local_date >= {start} and local_date < {start} + {days}" if days != "true" else "true"
            beside = (
                "true"
                if name == "all"
                else f"(day_before >= {start} or day_after < {start} + {days})"
                if days != "true"
                else f"({start.replace('local_date', 'day_before')} = {start}"
                f" or {start.replace('local_date', 'day_after')} = {start})"
            )
            told = re.sub(r"^-- @period.*\n", "", text.strip(), flags=re.M)
            told = told.replace("$filter", f"{inside} and {beside}").replace("$range", inside)
            yield told.replace("$start", start).replace("$name", name.replace("before_", "rolling_"))


def run(home: Path, *, is_told: bool = False) -> None:
    """Make the marts into a file of their own beside the warehouse, with dbt's memory and threads."""
    (home / FILE).unlink(missing_ok=True)
    settings = {"threads": 2, "memory_limit": "4GB", "preserve_insertion_order": False}
    with duckdb.connect(
        str(home / FILE), config=settings | {"temp_directory": str(home / "temp")}
    ) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{home / 'raw.duckdb'}' as raw (read_only)")
        connection.execute(f"set variable programme = '{home.parent / 'programme'}'")
        connection.execute(f"set variable today = date '{NOW.date()}'")
        for statement in filter(None, statements()):
            began, cpu = time.perf_counter(), time.process_time()
            try:
                connection.execute(statement)
            except duckdb.Error as error:
                raise SystemExit(f"{statement[:3000]}\n{error}") from None
            if is_told:
                took, spent = time.perf_counter() - began, time.process_time() - cpu
                print(f"{took:8.2f} {spent:8.2f} {' '.join(statement.split())[:60]}", flush=True)


def differing(home: Path) -> dict[str, int]:
    """Count the rows of each mart that only one of the two has; doubles are compared to seven digits."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB"}) as connection:
        connection.execute(f"attach '{home / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute(f"attach '{home / 'raw.duckdb'}' as raw (read_only)")
        connection.execute(f"attach '{home / FILE}' as by_hand (read_only)")
        return {mart: _differing(connection, mart) for mart in MARTS}


def _differing(connection: duckdb.DuckDBPyConnection, mart: str) -> int:
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = 'by_hand' and table_name = ?",
        [mart],
    ).fetchall()
    columns = ", ".join(
        f"case when abs({name}) < 1e-12 then 0 else {name}::float end as {name}"
        if kind == "DOUBLE"
        else f'"{name}"'
        for name, kind in rows
    )
    mine, theirs = (f"select {columns} from {place}.{mart}" for place in ("warehouse.marts", "by_hand.main"))
    query = (
        f"select count(*) from ((({mine}) except all ({theirs})) union all (({theirs}) except all ({mine})))"
    )
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else -1


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(Path(sys.argv[2]), is_told="-v" in sys.argv)
    else:
        for name, count in differing(Path(sys.argv[2])).items():
            print(f"{name:<22}{count:>12,} rows differ")
