"""Making one table say what another says, at the cost of what differs.

Both sides are read and digested, which is twenty times cheaper than writing; nothing is remembered between
publications, so nothing can drift. Rows are told apart by the load they came with and, within a load, by
buckets of their hash: an append rewrites its own rows, an edit two buckets in 4096.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

Digests = Mapping[int, tuple[int, int]]
_BUCKETS = 4096
# Above a quarter, or below this many rows, a table is written anew: faster, and its file stays dense.
_WHOLE_SHARE, _WHOLE_ROWS = 0.25, 20_000


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Tell of one published table: its rows, a digest of what it says, and how many rows were written."""

    name: str
    rows: int
    digest: str
    written: int


@dataclass(frozen=True, slots=True)
class _Shape:
    columns: tuple[tuple[str, str], ...]

    @property
    def row_hash(self) -> str:
        return f"hash({', '.join(named(column) for column, _ in self.columns)})"

    @property
    def load(self) -> str:
        return "coalesce(load_id, -1)" if ("load_id", "BIGINT") in self.columns else "0"


def mirror(connection: duckdb.DuckDBPyConnection, name: str, source: str, target: str) -> Mirrored:
    """Make the table `target` hold the rows of `source` (a relation in SQL); both sides are in reach."""
    shape = _shape(connection, source)
    wanted = _digests(connection, source, shape)
    rows = sum(count for count, _ in wanted.values())
    digest = _digest(shape, wanted)
    if not _is_there(connection, target) or _shape(connection, target) != shape:
        return Mirrored(name, rows, digest, _whole(connection, source, target, rows))
    present = _digests(connection, target, shape)
    loads = [load for load in {*wanted, *present} if wanted.get(load) != present.get(load)]
    if not loads:
        return Mirrored(name, rows, digest, 0)
    if rows <= _WHOLE_ROWS:
        return Mirrored(name, rows, digest, _whole(connection, source, target, rows))
    differing = _differing(connection, source, target, shape, loads)
    if differing > rows * _WHOLE_SHARE:
        return Mirrored(name, rows, digest, _whole(connection, source, target, rows))
    _parts(connection, source, target, shape, loads)
    return Mirrored(name, rows, digest, differing)


def digest_of(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Say in 32 digits what a relation holds: names and types of its columns, and its rows in any order."""
    shape = _shape(connection, relation)
    return _digest(shape, _digests(connection, relation, shape))


def named(name: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _is_there(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    try:
        connection.execute(f"select 1 from {table} limit 0")
    except duckdb.CatalogException:
        return False
    return True


def _shape(connection: duckdb.DuckDBPyConnection, relation: str) -> _Shape:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return _Shape(tuple((row[0], row[1]) for row in rows))


def _digests(connection: duckdb.DuckDBPyConnection, relation: str, shape: _Shape) -> Digests:
    rows = connection.execute(
        f"select {shape.load}, count(*), sum(cast({shape.row_hash} as hugeint)) from {relation} "
        "group by all having count(*) > 0"
    ).fetchall()
    return {int(load): (int(count), int(total)) for load, count, total in rows}


def _digest(shape: _Shape, digests: Digests) -> str:
    rows = [sum(part) for part in zip(*digests.values(), strict=True)]
    return hashlib.sha256(repr((shape.columns, rows)).encode()).hexdigest()[:32]


def _whole(connection: duckdb.DuckDBPyConnection, source: str, target: str, rows: int) -> int:
    connection.execute(f"create or replace table {target} as select * from {source}")
    return rows


def _differing(
    connection: duckdb.DuckDBPyConnection, source: str, target: str, shape: _Shape, loads: list[int]
) -> int:
    """Name the buckets that differ in `temp.differing`; returns how many rows they hold in the source."""
    connection.execute(
        f"""
        create or replace temp table differing as
        with wanted as ({_buckets(source, shape, loads)}),
        present as ({_buckets(target, shape, loads)})
        select wanted.load is not null as is_wanted, coalesce(wanted.load, present.load) as load,
            coalesce(wanted.bucket, present.bucket) as bucket, coalesce(wanted.row_count, 0) as row_count
        from wanted full outer join present
            on wanted.load = present.load and wanted.bucket = present.bucket
        where (wanted.row_count, wanted.total) is distinct from (present.row_count, present.total)
        """
    )
    row = connection.execute("select coalesce(sum(row_count), 0) from temp.differing").fetchone()
    return int(row[0]) if row else 0


def _buckets(relation: str, shape: _Shape, loads: list[int]) -> str:
    return (
        f"select {_place(shape)}, count(*) as row_count, sum(cast({shape.row_hash} as hugeint)) as total "
        f"from {relation} where {_within(shape, loads)} group by all"
    )


def _place(shape: _Shape) -> str:
    return f"{shape.load} as load, {shape.row_hash} % {_BUCKETS} as bucket"


def _within(shape: _Shape, loads: list[int]) -> str:
    return f"{shape.load} in ({', '.join(map(str, loads))})"


def _parts(
    connection: duckdb.DuckDBPyConnection, source: str, target: str, shape: _Shape, loads: list[int]
) -> None:
    there = (
        f"{_within(shape, loads)} and ({shape.load}, {shape.row_hash} % {_BUCKETS}) "
        "in (select load, bucket from temp.differing)"
    )
    connection.execute(f"delete from {target} where {there}")
    connection.execute(f"insert into {target} select * from {source} where {there}")
