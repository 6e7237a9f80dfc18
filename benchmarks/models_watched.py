"""What each dbt model reads and takes: DuckDB's profile of every statement, added up by model."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

_NODE = re.compile(r'"node_id": "\w+\.\w+\.(\w+)')


@dataclass(slots=True)
class Watched:
    """Add up wall and processor seconds and rows read from tables of one model.

    Processor seconds are the whole process's, so with several dbt threads they hold the neighbour's, too.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    rows_read: int = 0


@contextlib.contextmanager
def models_watched() -> Iterator[dict[str, Watched]]:
    """Watch the models that dbt runs in this process; gives what they came to, by name."""
    found: dict[str, Watched] = {}
    plain = DuckDBCursorWrapper.execute

    def execute(self: Any, sql: str, bindings: Any = None) -> Any:
        node = _NODE.search(sql[:1000])
        if node is None:
            return plain(self, sql, bindings)
        self._cursor.execute("pragma enable_profiling = 'no_output'")
        began, cpu_began = time.perf_counter(), time.process_time()
        answer = plain(self, sql, bindings)
        one = found.setdefault(node[1], Watched())
        one.seconds += time.perf_counter() - began
        one.cpu_seconds += time.process_time() - cpu_began
        one.rows_read += _rows_scanned(self._cursor)
        return answer

    DuckDBCursorWrapper.execute = execute
    try:
        yield found
    finally:
        DuckDBCursorWrapper.execute = plain


def _rows_scanned(cursor: Any) -> int:
    try:
        profile = json.loads(cursor.get_profiling_information())
    except Exception:  # statements without a plan (begin, commit) have no profile
        return 0
    return sum(map(_of_operator, profile.get("operator", [])))


def _of_operator(operator: dict[str, Any]) -> int:
    return int(operator.get("rows_scanned", 0)) + sum(map(_of_operator, operator.get("children", [])))


def told(found: dict[str, Watched], least_seconds: float = 0.0) -> str:
    """Lay out as a table, the longest first."""
    lines = [f"{'model':<30}{'seconds':>10}{'cpu':>10}{'rows read':>15}"]
    for name, one in sorted(found.items(), key=lambda pair: -pair[1].seconds):
        if one.seconds >= least_seconds:
            lines.append(f"{name:<30}{one.seconds:>10.2f}{one.cpu_seconds:>10.2f}{one.rows_read:>15,}")
    return "\n".join(lines)
