"""What `raw` holds already: which records say something new, at a cost that follows what is asked.

The first batches of a load are looked up in the table itself. A load that goes on remembers the newest
content of every key instead, in sixteen bytes each, so that a long load is not quadratic.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from flows.warehouse.columns import Kind
from flows.warehouse.memory import Memory, Numbers

# Looking a batch up costs about a tenth of reading all keys; of few keys both cost next to nothing.
_LOOKUPS = 6
_ASKED = "(select * replace (cast(content_hash as uuid) as content_hash) from batch) as asked"
_WITHIN = (
    "and stored.submitted_at between (select min(submitted_at) from batch) "
    "and (select max(submitted_at) from batch)"
)
_UNTOUCHED = f"""
with found as materialized (
    select place, max(load_id) as load_id, max((load_id, sequence)) as at
    from {_ASKED} join {{table}} as stored using ({{keys}}, content_hash)
    where stored.source_name = $source {{within}}
    group by place
),
changed as (
    select place
    from found join {_ASKED} using (place) join {{table}} as stored using ({{keys}})
    where stored.source_name = $source and stored.load_id >= (select min(load_id) from found)
        and (stored.load_id, stored.sequence) > found.at
)
select place from found where place not in (select place from changed)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Say of each place of a batch whether its key is stored, and with just this content as its newest."""

    is_stored: Numbers
    is_same: Numbers


class Known:
    """Answer for one table and source.

    A `batch` holds each key once: place (its own numbering from 0), key, content_hash, submitted_at if any.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, kind: Kind, source_name: str) -> None:
        """Take an open `raw.duckdb`; nothing is read yet."""
        self._connection, self._kind, self._source = connection, kind, source_name
        self._lookups = 0
        self._memory: Memory | None = None
        self._keys = ", ".join(kind.key)
        self._last: tuple[pa.Table, tuple[Numbers, Numbers]] | None = None

    def answer(self, batch: pa.Table) -> Answer:
        """Compare a batch with the newest versions stored."""
        if self._memory is None and self._kind.has_time:
            untouched = self._untouched(batch)
            if untouched.all():
                return Answer(untouched, untouched)
        if self._memory is None and self._lookups < _LOOKUPS:
            self._lookups += 1
            return self._looked_up(batch)
        if self._memory is None:
            self._memory = self._all_read()
        return Answer(*self._memory.compare(*self._numbers(batch)))

    def note(self, batch: pa.Table) -> None:
        """Remember what is now the newest content of these keys."""
        if self._memory is not None:
            self._memory.add(*self._numbers(batch))

    def _looked_up(self, batch: pa.Table) -> Answer:
        found = self._ask(
            "select place, arg_max(stored.content_hash, (load_id, sequence)) = any_value(asked.content_hash) "
            f"as is_same from {_ASKED} join {self._kind.table} as stored using ({self._keys}) "
            "where stored.source_name = $source group by place",
            batch,
        )
        return Answer(_flags(batch, found["place"]), _flags(batch, found["place"][found["is_same"]]))

    def _untouched(self, batch: pa.Table) -> Numbers:
        """Find what was stored just so and not changed since, looking only where it can lie.

        Equal content has an equal time, and newer versions have no lower load: DuckDB skips other row groups.
        """
        is_timed = not batch["submitted_at"].null_count
        found = self._ask(
            _UNTOUCHED.format(keys=self._keys, table=self._kind.table, within=_WITHIN if is_timed else ""),
            batch,
        )
        return _flags(batch, found["place"])

    def _all_read(self) -> Memory:
        rows = self._connection.execute(
            f"select hash({self._keys}) as key, hash(content_hash) as content from {self._kind.table} "
            "where source_name = $source order by load_id, sequence",
            {"source": self._source},
        ).fetchnumpy()
        memory = Memory()
        memory.add(rows["key"], rows["content"])
        return memory

    def _numbers(self, batch: pa.Table) -> tuple[Numbers, Numbers]:
        if self._last and self._last[0] is batch:  # a batch is asked for, then noted
            return self._last[1]
        rows = self._ask(
            f"select hash({self._keys}) as key, hash(content_hash) as content from {_ASKED} "
            "where $source is not null order by place",
            batch,
        )
        found = rows["key"], rows["content"]
        self._last = batch, found
        return found

    def _ask(self, query: str, batch: pa.Table) -> dict[str, Numbers]:
        self._connection.register("batch", batch)
        try:
            return self._connection.execute(query, {"source": self._source}).fetchnumpy()
        finally:
            self._connection.unregister("batch")


def _flags(batch: pa.Table, places: Numbers) -> Numbers:
    flags = np.zeros(len(batch), bool)
    flags[places] = True
    return flags
