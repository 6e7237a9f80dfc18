"""Landing: what a survey tool told becomes versions in `raw`, with the cursors that stand for it.

A version is written only where content differs from the newest one stored. The rows of many pages, their
rejects and their cursors go in one transaction: killed anywhere, the next load goes on from a cursor whose
rows are there.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from flows.records import HeardbackError
from flows.warehouse.arrays import numbers, texts
from flows.warehouse.columns import KINDS, RESPONSES, Kind
from flows.warehouse.computed import naive
from flows.warehouse.connections import RAW_ROW_GROUP, execute
from flows.warehouse.cursors import move_cursors, read_cursors, restart_if_changed
from flows.warehouse.fitting import looked_at, reject_of, without
from flows.warehouse.known import Known
from flows.warehouse.laid_out import LaidOut
from flows.warehouse.likeness import Says
from flows.warehouse.memory import Numbers
from flows.warehouse.raw import make_room
from flows.warehouse.rejects import Rejects, Scoped
from flows.warehouse.versions import news_in
from flows.warehouse.waiting import Waiting

# As many rows as DuckDB packs together go straight into the file; fewer go by way of its log, which takes
# twice the time. The seconds are what a kill can cost.
ROWS, BYTES, SECONDS = RAW_ROW_GROUP, 32_000_000, 2.0
_WITHOUT_DATA = (duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.TransactionException)


@dataclass(frozen=True, slots=True)
class Origin:
    """Name what is landed: source, tool, run; the fingerprint of what it is read with; now (aware)."""

    source_name: str
    tool: str
    run_id: str
    configuration: str
    now: datetime


class Landing:
    """Take the pages of one source in one load; `counts` says what became of them.

    `connection` has `raw.duckdb` in use and no transaction open. Raises HeardbackError when writing fails.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        origin: Origin,
        *,
        moves_cursors: bool = True,
        says: Says | None = None,
    ) -> None:
        """Begin a load; with `moves_cursors` False (a backfill) cursors stay where they are.

        `says` tells what a response's payload says, for tools whose hashes stand for bytes.
        """
        self.counts: Counter[str] = Counter()
        self._connection, self._origin, self._moves_cursors = connection, origin, moves_cursors
        self._sequence = 0
        self._waiting = Waiting()
        self._says = {RESPONSES: says}
        self._known = {kind: Known(connection, kind, origin.source_name) for kind in KINDS}
        with self._transaction():
            self._of_load = self._begun()
            name, now = origin.source_name, self._of_load["fetched_at"]
            if moves_cursors and restart_if_changed(connection, name, origin.configuration, now):
                self.counts["restarted"] = 1
        self._rejects = Rejects(connection, origin.source_name, self._of_load["load_id"])

    def cursors(self) -> dict[tuple[str, str], str]:
        """Give how far the source was read: positions by (survey id, kind)."""
        return read_cursors(self._connection, self._origin.source_name)

    def take(self, page: LaidOut) -> None:
        """Take a page; it is written with the next ones, at the latest by `end`."""
        for kind, table in page.tables.items():
            self._wait(kind, table, page.sizes[kind] / max(len(table), 1), page.scope)
        waiting = self._waiting
        waiting.set_aside(page.rejects)
        waiting.cursors += page.cursors
        waiting.scopes += [] if page.scope is None else [page.scope]
        if waiting.rows >= ROWS or waiting.size >= BYTES or waiting.seconds > SECONDS:
            self._write()

    def _wait(self, kind: Kind, table: pa.Table, size: float, scope: str | None) -> None:
        """Let rows of a size wait; of responses, those that fill what is packed together are written."""
        while kind is RESPONSES and (room := ROWS - self._waiting.count(kind)) < len(table):
            self._waiting.add(kind, table.slice(0, room), size, scope)
            self._write()
            table = table.slice(room)
        self._waiting.add(kind, table, size, scope)

    def end(self, outcome: str, message: str) -> None:
        """Write what waits, and how the fetch ended: `ok` or `failed`, with a sentence for people."""
        self._write()
        load, landed = self._of_load, self._landed_responses()
        facts = [load[name] for name in ("load_id", "source_name", "tool", "fetched_at")]
        with self._transaction():
            self._connection.execute(
                "insert into fetches values (?, ?, ?, ?, ?, ?, ?)", [*facts, outcome, message, landed]
            )

    def _landed_responses(self) -> int:
        return sum(self.counts[f"responses_{what}"] for what in ("new", "changed", "deleted"))

    def _begun(self) -> dict[str, Any]:
        """Take the next load's number; gives what every row of the load says."""
        origin, now = self._origin, naive(self._origin.now)
        [(load_id,)] = self._connection.execute(
            "insert into loads select coalesce(max(load_id), 0) + 1, ?, ?, ? from loads returning load_id",
            [origin.run_id, origin.source_name, now],
        ).fetchall()
        facts = {"source_name": origin.source_name, "tool": origin.tool, "run_id": origin.run_id}
        return {**facts, "load_id": load_id, "fetched_at": now, "seen_at": now}

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, Waiting()
        if waiting.is_empty:
            return
        make_room(self._connection, waiting.size, waiting.densest)
        with self._transaction():
            for kind, tables in waiting.tables.items():
                if tables:
                    rows = pa.concat_tables(tables)
                    keys, broken = looked_at(self._connection, kind, rows)
                    waiting.rejects += [(reject_of(rows, row), waiting.scope_of(kind, row)) for row in broken]
                    self._land(kind, without(rows, broken), np.delete(keys, broken))
            self._set_aside(waiting.rejects, waiting.scopes)
            if self._moves_cursors:
                name, now = self._origin.source_name, self._of_load["fetched_at"]
                move_cursors(self._connection, name, waiting.cursors, now)

    def _land(self, kind: Kind, table: pa.Table, keys: Numbers) -> None:
        """Write what is news among rows of a kind, with the hashes of their keys."""
        news, counts = news_in(kind, self._known[kind], table, keys, self._says.get(kind))
        if len(news):
            sequence = numbers(range(self._sequence + 1, self._sequence + 1 + len(news)))
            self._sequence += len(news)
            self._insert(kind.table, news.append_column("sequence", sequence), kind.of_load)
        self.counts.update({f"{kind.table}_{what}": number for what, number in counts.items()})

    def _set_aside(self, rejects: list[Scoped], scopes: list[str]) -> None:
        table = self._rejects.rows(rejects)
        noted = self._rejects.scopes_to_note(scopes, rejects)
        if noted:
            scope_table = pa.Table.from_arrays([texts(noted)], names=["scope"])
            self._insert("scopes", scope_table, ("source_name", "load_id"))
        if len(table):
            self._insert("rejects", table, ("source_name", "load_id", "seen_at"))
        self.counts["set_aside"] += len(table)

    def _insert(self, table: str, rows: pa.Table, of_load: tuple[str, ...]) -> None:
        said = ", ".join(f"${name} as {name}" for name in of_load)
        query = f"insert into {table} by name select *, {said} from batch"
        execute(self._connection, query, rows, {name: self._of_load[name] for name in of_load})

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("begin")
        try:
            yield
            self._connection.execute("commit")
        except BaseException as error:
            with contextlib.suppress(duckdb.Error):  # after a failed write there may be nothing to roll back
                self._connection.execute("rollback")
            if isinstance(error, duckdb.Error) and not isinstance(error, duckdb.IOException):
                raise HeardbackError(_in_words(error)) from None
            raise


def _in_words(error: duckdb.Error) -> str:
    """Say what DuckDB said, but for what may hold a value out of somebody's answer."""
    said = str(error).splitlines()[0][:300] if isinstance(error, _WITHOUT_DATA) else type(error).__name__
    return f"raw.duckdb could not be written ({said}). Nothing is lost: mend it and collect again."
