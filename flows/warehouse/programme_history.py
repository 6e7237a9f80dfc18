"""The programme's history in `raw.duckdb`: a table gets a new version when its content changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

import duckdb

from flows.records import ProgrammeTable


def land_programme(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, ProgrammeTable], now: datetime
) -> bool:
    """Write a new version of each table whose rows differ from its newest one; True where any did.

    `con` has `raw.duckdb` in use and no transaction open; all tables land in one. A table without rows is
    written only when it had some before. Where on the page a row stands is no change.
    """
    newest = dict(
        con.execute(
            "select table_name, (max(version_no), arg_max(content_hash, version_no)) "
            "from programme_versions group by all"
        ).fetchall()
    )
    contents = {
        name: [json.dumps(row, ensure_ascii=False) for row in table.rows] for name, table in tables.items()
    }
    changed = [
        (name, rows, digest)
        for name, rows in contents.items()
        if (digest := _digest(rows)) != newest.get(name, (0, _digest([])))[1]
    ]
    if changed:
        con.execute("begin")
        try:
            for name, rows, digest in changed:
                version = newest.get(name, (0, ""))[0] + 1
                _write(con, tables[name], version, rows, digest, now)
            con.execute("commit")
        except BaseException:
            con.execute("rollback")
            raise
    return bool(changed)


def _digest(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


def _write(
    con: duckdb.DuckDBPyConnection,
    table: ProgrammeTable,
    version: int,
    rows: list[str],
    digest: str,
    now: datetime,
) -> None:
    at = now.astimezone(UTC).replace(tzinfo=None)
    con.execute(
        "insert into programme_versions values (?, ?, ?, ?, ?)", [table.name, version, at, digest, len(rows)]
    )
    con.execute(
        "insert into programme_rows select ?, ?, unnest(?::bigint[]), unnest(?::varchar[])",
        [table.name, version, table.lines, rows],
    )
