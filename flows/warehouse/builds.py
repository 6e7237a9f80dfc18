"""Which build the warehouse holds, and what it was made from.

`computed.stamp` has its one row only when a build is finished; `computed.last_build` remembers what that
build was made from, and is gone when a rebuild begins, so that a killed one starts again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from flows.records import Busy, HeardbackError
from flows.warehouse import raw
from flows.warehouse.computed import FILE, naive, opened

# How far each part of `raw` reaches; dbt is asked for what depends on the parts that grew.
MARKS = {
    "responses": "select max(load_id) from responses",
    "definitions": "select max(load_id) from definitions",
    "customers": "select max(load_id) from customers",
    "invitations": "select max(load_id) from invitations",
    "rejects": "select (count(*), max(load_id)) from rejects",
    "scopes": "select (count(*), max(load_id)) from scopes",
    "fetches": "select (count(*), max(load_id)) from fetches",
    "ledger_events": "select (count(*), max(event_id)) from ledger_events",
    "ledger_preferences": "select (count(*), max(copy_no)) from ledger_preferences",
}
# A part of a part: of all that is in the ledger's copy, priorities read these events alone.
QUICK_FIXES = "select (count(*), max(event_id)) from ledger_events where assignment_key like 'quick_fix/%'"
# A collect that was killed has landed answers and noted no fetch.
TOOLS_READ = """
select tool from fetches union select tool from definitions union select tool from responses order by tool
"""


@dataclass(frozen=True, slots=True)
class Build:
    """Name a finished build: when, for which local day, of what, and how far `raw` reached."""

    build_id: str
    built_at: datetime
    local_date: date
    fingerprint: str
    version: str
    marks: dict[str, str]


@dataclass(frozen=True, slots=True)
class RawFacts:
    """Carry what `raw` says of itself: secret, marks, the programme's content, the first answer (UTC)."""

    salt: str
    marks: dict[str, str]
    programme: str
    first_answer_at: datetime | None
    tools: tuple[str, ...] = ()


def raw_facts(home: Path) -> RawFacts:
    """Read how far `raw` reaches; dates before the year 2000 are nobody's answers and count as none."""
    with raw.opened(home, read_only=True) as connection:

        def one(query: str) -> tuple[object, ...]:
            return connection.execute(query).fetchone() or (None,)

        tables = connection.execute(
            "select table_name, arg_max(content_hash, version_no) from programme_versions "
            "group by all order by all"
        ).fetchall()
        first = one("select min(submitted_at) from responses where submitted_at >= timestamp '2000-01-01'")[0]
        return RawFacts(
            salt=str(one("select salt from meta")[0]),
            marks={name: str(one(query)[0]) for name, query in {**MARKS, "quick_fixes": QUICK_FIXES}.items()},
            programme=json.dumps(tables),
            first_answer_at=first if isinstance(first, datetime) else None,
            tools=tuple(str(tool) for (tool,) in connection.execute(TOOLS_READ).fetchall()),
        )


def last_build(home: Path) -> tuple[Build | None, bool]:
    """Tell the last finished build, if any, and whether the warehouse still holds it whole.

    A file that is no DuckDB database of this version counts as none; one in use elsewhere raises Busy.
    """
    if not (home / FILE).exists():
        return None, False
    try:
        with opened(home) as connection:
            row = connection.execute("select * from computed.last_build").fetchone()
            stamped = connection.execute("select count(*) from computed.stamp").fetchone()
    except Busy:
        raise
    except (duckdb.Error, HeardbackError):
        return None, False
    if row is None:
        return None, False
    build_id, built_at, local_date, fingerprint, version, marks = row
    build = Build(build_id, built_at, local_date, fingerprint, version, json.loads(marks))
    return build, bool(stamped and stamped[0])


def end_build(home: Path, build: Build) -> None:
    """Stamp the finished build."""
    facts = [build.build_id, naive(build.built_at), build.local_date, build.fingerprint, build.version]
    with opened(home) as connection:
        connection.execute("begin")
        connection.execute("delete from computed.stamp")
        connection.execute("delete from computed.last_build")
        connection.execute("insert into computed.stamp values (?, ?, ?, ?, ?)", facts)
        connection.execute(
            "insert into computed.last_build values (?, ?, ?, ?, ?, ?)", [*facts, json.dumps(build.marks)]
        )
        connection.execute("commit")


def discard(home: Path) -> None:
    """Remove the warehouse: everything in it is made from `raw` again."""
    for name in (FILE, FILE + ".wal"):
        (home / name).unlink(missing_ok=True)
