"""Which records become versions: those that can be stored, and that differ from the newest version stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import duckdb
import numpy as np
import pyarrow as pa

from flows.warehouse.arrays import numbers
from flows.warehouse.columns import Kind, Record, table_of
from flows.warehouse.known import Known
from flows.warehouse.memory import Numbers

NO_UNICODE = "it holds bytes that are no UTF-8 text, or half a character"
NO_JSON = "its payload is no JSON that can be read"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Hold the records that can be stored, also as columns, and the places of the others with reasons."""

    records: Sequence[Record]
    table: pa.Table
    unfit: dict[int, str]


def fitting(connection: duckdb.DuckDBPyConnection, kind: Kind, records: Sequence[Record]) -> Fitting:
    """Tell apart what can be stored, and read by what comes after; one bad record costs only itself."""
    unfit: dict[int, str] = {}
    try:
        table = table_of(kind, records)
    except ValueError:
        unfit = {place: NO_UNICODE for place, record in enumerate(records) if not _is_text(kind, record)}
        table = table_of(kind, [record for place, record in enumerate(records) if place not in unfit])
    places = [place for place in range(len(records)) if place not in unfit]
    if kind.has_payload and (broken := _no_json(connection, table)):
        unfit |= {places[row]: NO_JSON for row in broken}
        table = table.take(numbers(row for row in range(len(table)) if row not in broken))
    return Fitting(
        [record for place, record in enumerate(records) if place not in unfit] if unfit else records,
        table,
        unfit,
    )


def news_in(kind: Kind, known: Known, fit: Fitting) -> tuple[pa.Table, Counter[str]]:
    """Give the rows that are versions of their own, in order, and how many are new, changed and deleted."""
    firsts, later, lasts = _by_key(kind, fit.records)
    columns = [*kind.key, "content_hash", *(["submitted_at"] if kind.has_time else [])]
    narrow = fit.table.select(columns)
    asked = _numbered(_taken(narrow, firsts))
    answer = known.answer(asked)
    known.note(asked if firsts is lasts else _numbered(_taken(narrow, lasts)))
    kept = np.sort(np.concatenate((firsts[~answer.is_same], later)))
    new = set(firsts[~answer.is_stored].tolist())
    return _taken(fit.table, kept), _counted(fit.records, kept.tolist(), new)


def _by_key(kind: Kind, records: Sequence[Record]) -> tuple[Numbers, Numbers, Numbers]:
    """Give the places of each key's first record, of later ones unlike the one before, and of its last."""
    keys = list(map(attrgetter(*kind.key), records))
    everything = np.arange(len(keys))
    if len(set(keys)) == len(keys):  # nearly always
        return everything, everything[:0], everything
    firsts: list[int] = []
    later: list[int] = []
    newest: dict[object, str] = {}
    last: dict[object, int] = {}
    for place, (key, record) in enumerate(zip(keys, records, strict=True)):
        before = newest.get(key)
        if before is None:
            firsts.append(place)
        elif before != record.content_hash:
            later.append(place)
        newest[key], last[key] = record.content_hash, place
    return np.array(firsts, int), np.array(later, int), np.array(list(last.values()), int)


def _taken(table: pa.Table, places: Numbers) -> pa.Table:
    """Give the rows of these places, each at most once; all of them cost nothing."""
    return table if len(places) == len(table) else table.take(numbers(places))


def _counted(records: Sequence[Record], kept: Sequence[int], new: set[int]) -> Counter[str]:
    def name(place: int) -> str:
        if getattr(records[place], "is_deleted", False):
            return "deleted"
        return "new" if place in new else "changed"

    return Counter(name(place) for place in kept)


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column("place", numbers(range(len(table))))


def _is_text(kind: Kind, record: Record) -> bool:
    try:
        table_of(kind, [record])
    except ValueError:
        return False
    return True


def _no_json(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> set[int]:
    """Find payloads that DuckDB's JSON refuses: in an append-only store one would stop every later build."""
    connection.register("batch", table.select(["payload"]))
    try:
        valid = connection.execute("select json_valid(payload) as is_valid from batch").fetchnumpy()
    finally:
        connection.unregister("batch")
    return set(np.flatnonzero(~valid["is_valid"]).tolist())
