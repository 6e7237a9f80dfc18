"""Which records become versions: those that can be stored, and that differ from the newest version stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from flows.warehouse.arrays import numbers
from flows.warehouse.columns import Columns, Kind, rows_of, table_of
from flows.warehouse.known import Known
from flows.warehouse.likeness import Says, is_alike, said_again
from flows.warehouse.memory import Numbers

NO_UNICODE = "it holds bytes that are no UTF-8 text, or half a character"
NO_JSON = "its payload is no JSON that can be read"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Hold what can be stored, as lists and as a table, and the places of the others with reasons."""

    columns: Columns
    table: pa.Table
    unfit: dict[int, str]


def fitting(connection: duckdb.DuckDBPyConnection, kind: Kind, columns: Columns) -> Fitting:
    """Tell apart what can be stored, and read by what comes after; one bad record costs only itself."""
    count = len(columns["content_hash"])
    unfit: dict[int, str] = {}
    try:
        table = table_of(columns)
    except ValueError:
        unfit = {place: NO_UNICODE for place in range(count) if not _is_text(rows_of(columns, [place]))}
        table = table_of(rows_of(columns, _others(count, unfit)))
    places = _others(count, unfit)
    if kind.has_payload and (broken := _no_json(connection, table)):
        unfit |= {places[row]: NO_JSON for row in broken}
        table = table.take(numbers(row for row in range(len(table)) if row not in broken))
    return Fitting(rows_of(columns, _others(count, unfit)) if unfit else columns, table, unfit)


def news_in(kind: Kind, known: Known, fit: Fitting, says: Says | None) -> tuple[pa.Table, Counter[str]]:
    """Give the rows that are versions of their own, in order, and how many are new, changed and deleted."""
    firsts, later = _by_key(kind, fit.columns, says)
    narrow = fit.table.select([*kind.key, "content_hash", *(["submitted_at"] if kind.has_time else [])])
    answer = known.answer(numbered(taken(narrow, firsts)))
    is_same = answer.is_stored & (answer.newest == taken(narrow, firsts)["content_hash"].to_numpy())
    if says and (doubtful := np.flatnonzero(answer.is_stored & ~is_same)).size:
        told = numbered(taken(taken(fit.table, firsts), doubtful))
        is_same[doubtful] = said_again(known, told, answer.newest[doubtful], says)
    kept = np.sort(np.concatenate((firsts[~is_same], later)))
    known.note(numbered(taken(narrow, kept)))
    news = taken(fit.table, kept)
    return news, _counted(news, np.isin(kept, firsts[~answer.is_stored], assume_unique=True))


def _by_key(kind: Kind, columns: Columns, says: Says | None) -> tuple[Numbers, Numbers]:
    """Give the places of each key's first record, and of later ones unlike the one before."""
    everything = np.arange(len(columns["content_hash"]))
    if len(set(columns[kind.key[-1]])) == len(everything):  # nearly always
        return everything, everything[:0]
    keys = zip(*(columns[name] for name in kind.key), strict=True)
    firsts, later, newest = list[int](), list[int](), dict[object, int]()
    for place, key in enumerate(keys):
        before = newest.get(key)
        if before is None:
            firsts.append(place)
        elif not is_alike(columns, before, place, says):
            later.append(place)
        else:
            continue
        newest[key] = place
    return np.array(firsts, int), np.array(later, int)


def _counted(rows: pa.Table, is_new: Numbers) -> Counter[str]:
    is_deleted = np.zeros(len(rows), bool)
    if "is_deleted" in rows.column_names:
        is_deleted = rows["is_deleted"].to_numpy()
    are = {"deleted": is_deleted, "new": is_new & ~is_deleted, "changed": ~is_new & ~is_deleted}
    return Counter({what: number for what, found in are.items() if (number := int(found.sum()))})


def taken(table: pa.Table, places: Numbers) -> pa.Table:
    """Give the rows of these places, each at most once; all of them cost nothing."""
    return table if len(places) == len(table) else table.take(numbers(places))


def numbered(table: pa.Table) -> pa.Table:
    """Give a table with the place of each row."""
    return table.append_column("place", numbers(range(len(table))))


def _others(count: int, places: dict[int, str]) -> Sequence[int]:
    return [place for place in range(count) if place not in places] if places else range(count)


def _is_text(row: Columns) -> bool:
    try:
        table_of(row)
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
