"""A copy of a ledger to try things on: whatever is written to it is thrown away."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, case, inspect, literal, select

from flows.ledger.opening import Ledger, open_ledger
from flows.ledger.tables import assignments, builds, directory, events, letters, preferences

_COPIED = (assignments, events, letters, directory, preferences, builds)
_BATCH = 1000


@contextlib.contextmanager
def scratch_copy(book: Ledger | None) -> Iterator[Ledger]:
    """Give a ledger that holds what another one holds (nothing for None), and is gone afterwards.

    The original is only read, and may be of an older revision. Bodies of letters that were sent are left out.
    """
    with (
        tempfile.TemporaryDirectory(prefix="heardback-") as folder,
        open_ledger(f"sqlite:///{Path(folder) / 'ledger.sqlite'}") as scratch,
    ):
        if book is not None:
            with book.reading() as source, scratch.writing() as target:
                _copy(source, target)
        yield scratch


def _copy(source: Connection, target: Connection) -> None:
    known = inspect(source)
    for table in _COPIED:
        there = {column["name"] for column in known.get_columns(table.name)}
        columns = [_slim(column) for column in table.columns if column.name in there]
        rows = source.execution_options(yield_per=_BATCH).execute(select(*columns)).mappings()
        for batch in rows.partitions(_BATCH):
            target.execute(table.insert(), [dict(row) for row in batch])


def _slim(column: ColumnElement[Any]) -> ColumnElement[Any]:
    if column is not letters.c.body:
        return column
    is_sent = (letters.c.status == "sent", literal(b"", LargeBinary))
    return case(is_sent, else_=letters.c.body).label("body")
