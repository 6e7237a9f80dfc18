"""What later steps read of the marts: the present build, what is due with its facts, what is withheld."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.warehouse.connections import attached, quoted

_FILE = "warehouse.duckdb"
Row = dict[str, Any]


def current_build(home: Path) -> str | None:
    """Tell the id of the finished build that the warehouse of a home holds; None while there is none."""
    if not (home / _FILE).exists():
        return None
    with attached(home / _FILE, "warehouse", read_only=True) as connection:
        try:
            row = connection.execute("select build_id from computed.stamp").fetchone()
        except duckdb.CatalogException:  # killed before its first table was written
            return None
    return str(row[0]) if row else None


def withheld_counts(home: Path) -> dict[str, int]:
    """Count the follow-ups that are asked for and do not go out, by reason (`too_old` among them)."""
    with attached(home / _FILE, "warehouse", read_only=True) as connection:
        counts = connection.execute(
            "select withheld_because, count(*) from marts.follow_ups_due "
            "where withheld_because is not null group by all order by all"
        ).fetchall()
    return {str(reason): int(count) for reason, count in counts}


def pain_points(home: Path) -> list[Row]:
    """List what keeps going wrong and where, for the desk to raise things to; none where no mart tells."""
    query = "select pain_point_id, journey_id, touchpoint_id, theme_id from marts.pain_points order by all"
    with attached(home / _FILE, "warehouse", read_only=True) as connection:
        return read_rows(connection, query) if has_marts(connection, "pain_points") else []


def published_rows(marts: Path, query: str) -> list[Row]:
    """Ask the published file, as an analyst does; times are aware UTC, no rows where there is no file."""
    if not marts.exists():
        return []
    with attached(marts, "published", read_only=True) as connection:
        return read_rows(connection, query)


@contextlib.contextmanager
def with_raw(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse with `raw` beside it: staging and contacts are views of what lies there."""
    with attached(home / _FILE, "warehouse", read_only=True) as connection:
        connection.execute(f"attach {quoted(str(home / 'raw.duckdb'))} as raw (read_only)")
        yield connection


def read_rows(
    connection: duckdb.DuckDBPyConnection, query: str, given: dict[str, Any] | None = None
) -> list[Row]:
    """Give the rows of a query as dictionaries; times are aware UTC."""
    found = connection.execute(query, given)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, map(_aware, row), strict=True)) for row in found.fetchall()]


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def has_marts(connection: duckdb.DuckDBPyConnection, *marts: str) -> bool:
    """Tell whether the warehouse at hand has all of these marts: an older build may lack the newer ones."""
    found = connection.execute(
        "select count(distinct table_name) from information_schema.tables "
        "where table_schema = 'marts' and list_contains($names, table_name)",
        {"names": list(marts)},
    ).fetchone()
    return found is not None and found[0] == len(marts)
