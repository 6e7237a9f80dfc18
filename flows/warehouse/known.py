"""What `raw` holds already: which records say something new, at a cost that follows what is asked.

The first batches of a load are looked up in the table itself. A load that goes on, or finds nothing of its
source there, remembers the newest content of every key instead, in sixteen bytes each, so that a long load
is not quadratic.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from flows.warehouse.arrays import hash_values, numbers
from flows.warehouse.columns import Kind
from flows.warehouse.connections import execute
from flows.warehouse.memory import Memory, Numbers

# Looking a batch up costs about a tenth of reading all keys; of few keys both cost next to nothing.
_LOOKUPS = 3
_AT_ONCE = 50_000
_WITHIN = (
    "and stored.submitted_at between (select min(submitted_at) from batch) "
    "and (select max(submitted_at) from batch)"
)
_FOUND = """
select place, max(load_id) as load_id, max((load_id, sequence)) as at
from batch join {table} as stored using ({keys}, content_hash)
where stored.source_name = $source {within}
group by place
"""
_CHANGED = """
select distinct place
from found join batch using (place) join {table} as stored using ({keys})
where stored.source_name = $source and stored.load_id >= (select min(load_id) from found)
    and (stored.load_id, stored.sequence) > found.at
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Say of each place of a batch whether its key is stored, and the hash of its newest content there."""

    is_stored: Numbers
    newest: Numbers


class Known:
    """Answer for one table and source.

    A `batch` holds each key once: key, content_hash, submitted_at if any.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, kind: Kind, source_name: str) -> None:
        """Take an open `raw.duckdb`; nothing is read yet."""
        self._connection, self._kind, self._source = connection, kind, source_name
        self._lookups = 0
        self._memory: Memory | None = None
        self._keys = ", ".join(kind.key)

    def answer(self, batch: pa.Table, keys: Numbers) -> Answer:
        """Compare a batch, with the hashes of its keys, with the newest versions stored."""
        if self._memory is None and not self._lookups and self._is_empty():
            self._memory = Memory()
        if self._memory is None and self._kind.has_time and self._is_untouched(batch):
            return Answer(np.ones(len(batch), bool), hash_values(batch["content_hash"]))
        if self._memory is None and self._lookups < _LOOKUPS:
            self._lookups += 1
            return self._looked_up(batch)
        if self._memory is None:
            self._memory = self._all_read()
        return Answer(*self._memory.newest(keys))

    def note(self, keys: Numbers, contents: Numbers) -> None:
        """Remember what is now the newest content of these keys, all by their hashes."""
        if self._memory is not None:
            self._memory.add(keys, contents)

    def alike(self, batch: pa.Table) -> dict[int, bytes]:
        """Give stored payloads by place, where all but the payload is stored just as the batch says it.

        The batch holds whole rows, each with the hash of the newest content stored of it as `newest`.
        """
        looked_at = ("payload", "content_hash", *self._kind.key)
        others = [name for name in self._kind.columns if name not in looked_at]
        is_timed = not batch["submitted_at"].null_count
        found = self._ask(
            "select place, encode(any_value(stored.payload)) as payload "
            f"from batch as asked join {self._kind.table} as stored using ({self._keys}) "
            "where stored.source_name = $source and stored.content_hash = asked.newest "
            + (_WITHIN if is_timed else "")
            + "".join(f" and stored.{name} is not distinct from asked.{name}" for name in others)
            + " group by place",
            batch,
        )
        return dict(zip(found["place"].tolist(), found["payload"], strict=True))

    def _is_empty(self) -> bool:
        query = f"select 1 from {self._kind.table} where source_name = ? limit 1"
        return not self._connection.execute(query, [self._source]).fetchall()

    def _looked_up(self, batch: pa.Table) -> Answer:
        with self._two_threads():
            found = self._ask(
                "select place, arg_max(stored.content_hash, (load_id, sequence)) as newest "
                f"from batch join {self._kind.table} as stored using ({self._keys}) "
                "where stored.source_name = $source group by place",
                batch,
            )
        is_stored, newest = np.zeros(len(batch), bool), np.zeros(len(batch), np.uint64)
        is_stored[found["place"]], newest[found["place"]] = True, found["newest"]
        return Answer(is_stored, newest)

    @contextmanager
    def _two_threads(self) -> Iterator[None]:
        """Read with two threads what is all of a table; it is written by one."""
        self._connection.execute("set threads = 2")
        try:
            yield
        finally:
            self._connection.execute("set threads = 1")

    def _is_untouched(self, batch: pa.Table) -> bool:
        """Tell whether all was stored just so and not changed since, looking only where it can lie.

        Equal content has an equal time, and newer versions have no lower load: DuckDB skips other row groups.
        """
        within = "" if batch["submitted_at"].null_count else _WITHIN
        found = _FOUND.format(keys=self._keys, table=self._kind.table, within=within)
        if len(self._ask(f"select place from ({found})", batch)["place"]) < len(batch):
            return False
        changed = _CHANGED.format(keys=self._keys, table=self._kind.table)
        return not len(self._ask(f"with found as materialized ({found}) {changed}", batch)["place"])

    def _all_read(self) -> Memory:
        """Read all keys, in the order in which they were written: that of loads and their sequences."""
        memory = Memory()
        found = self._connection.sql(
            f"select hash({self._keys}) as key, content_hash from {self._kind.table} where source_name = ?",
            params=[self._source],
        )
        for part in found.to_arrow_reader(_AT_ONCE):
            memory.add(hash_values(part["key"]), hash_values(part["content_hash"]))
        return memory

    def _ask(self, query: str, batch: pa.Table) -> dict[str, Numbers]:
        placed = batch.append_column("place", numbers(range(len(batch))))
        return execute(self._connection, query, placed, {"source": self._source})
