"""What was set aside in a load: listed once, and of a file as its newest reading found it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from flows.records import Reject
from flows.warehouse.columns import readable, reject_table

Scoped = tuple[Reject, str | None]


class Rejects:
    """Write the rejects of one source and load; each with the scope (a file) it was read in, if any."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source_name: str, load_id: int) -> None:
        """Take an open `raw.duckdb`; nothing is read yet."""
        self._connection, self._source, self._load = connection, source_name, load_id
        self._noted: set[str] = set()
        self._open: set[str] | None = None
        self._times: Counter[bytes] = Counter()

    def rows(self, rejects: Iterable[Scoped]) -> pa.Table:
        """Give what is to be written: outside a scope only what was never listed, inside one every record."""
        keyed = {}
        for reject, scope in rejects:
            key = self._key(reject, scope)
            keyed[key] = (reject, key, scope)
        for key in self._listed_before([key for key, (_, _, scope) in keyed.items() if scope is None]):
            del keyed[key]
        return reject_table(list(keyed.values()))

    def _listed_before(self, keys: list[str]) -> list[str]:
        if not keys:
            return []
        rows = self._connection.execute(
            "select distinct record_key from rejects where source_name = ? and scope is null "
            "and record_key in (select unnest(?::varchar[]))",
            [self._source, keys],
        ).fetchall()
        return [key for (key,) in rows]

    def scopes_to_note(self, scopes: Iterable[str], rejects: Iterable[Scoped]) -> Sequence[str]:
        """Name the scopes whose reading is to be noted: those with rejects now, or with rejects until now."""
        now = {str(readable(scope)) for _, scope in rejects if scope is not None}
        # Most files are clean: nothing is asked before one is read again or holds a reject.
        read = {str(readable(scope)) for scope in scopes} - self._noted
        due = (read & (now | self._listed())) if read else set()
        self._noted |= due
        return sorted(due)

    def _listed(self) -> set[str]:
        """Give the scopes whose newest reading, before this load, had rejects."""
        if self._open is None:
            rows = self._connection.execute(
                "select distinct scope from rejects semi join "
                "(select scope, max(load_id) as load_id from scopes where source_name = $source "
                "group by scope) using (scope, load_id) where source_name = $source",
                {"source": self._source},
            ).fetchall()
            self._open = {scope for (scope,) in rows}
        return self._open

    def _key(self, reject: Reject, scope: str | None) -> str:
        """Make a key of facts; the second of two equal lines of a file is another record."""
        facts = (self._source, scope or "", reject.survey_id, reject.level, reject.response_id or "")
        digest = hashlib.sha256()
        for fact in (*facts, reject.question_ref or ""):
            digest.update(fact.encode("utf-8", "backslashreplace") + b"\0")
        digest.update(reject.payload)
        key = digest.digest()[:16]
        if scope is None:
            return key.hex()
        self._times[key] += 1
        return key.hex() + (f"-{self._times[key]}" if self._times[key] > 1 else "")
