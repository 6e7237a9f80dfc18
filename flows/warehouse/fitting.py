"""Which records can be stored, and read by what comes after; one bad record costs only itself."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from flows.records import Reject
from flows.warehouse.arrays import rows_at
from flows.warehouse.columns import Columns, Kind, rows_of, table_of
from flows.warehouse.connections import execute
from flows.warehouse.memory import Numbers

NO_UNICODE = "it holds bytes that are no UTF-8 text, or half a character"
NO_JSON = "its payload is no JSON that can be read"


def as_text(columns: Columns) -> tuple[pa.Table, Sequence[int]]:
    """Give a table of the rows that are text, and the places of the others."""
    try:
        return table_of(columns), []
    except ValueError:
        places = range(len(columns["content_hash"]))
        unfit = {place for place in places if not _is_text(rows_of(columns, [place]))}
        fit = [place for place in places if place not in unfit]
        return table_of(rows_of(columns, fit)), sorted(unfit)


def looked_at(
    connection: duckdb.DuckDBPyConnection, kind: Kind, rows: pa.Table
) -> tuple[Numbers, Sequence[int]]:
    """Give 64 bits that stand for the key of each row, and the places of payloads that are no JSON to DuckDB.

    In an append-only store one of these would stop every later build. All is asked of many rows at once: each
    question is a dozen times in which this thread waits for the others.
    """
    key, valid = ", ".join(kind.key), "json_valid(payload)" if kind.has_payload else "true"
    found = execute(connection, f"select hash({key}) as key, {valid} as is_valid from batch", rows)
    return found["key"], np.flatnonzero(~found["is_valid"]).tolist()


def reject_of(rows: pa.Table, row: int) -> Reject:
    """Make a reject of a row whose payload is no JSON."""
    [told] = rows.slice(row, 1).to_pylist()
    return Reject(told["survey_id"], NO_JSON, told["payload"].encode(), told.get("response_id"))


def without(rows: pa.Table, places: Sequence[int]) -> pa.Table:
    """Give all rows but those of these places."""
    return rows_at(rows, np.delete(np.arange(len(rows)), places))


def _is_text(row: Columns) -> bool:
    try:
        table_of(row)
    except ValueError:
        return False
    return True
