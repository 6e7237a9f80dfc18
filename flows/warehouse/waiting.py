"""What pages brought and what is not written yet: rows that can be stored, and what goes with them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import accumulate

import pyarrow as pa

from flows.records import Cursor
from flows.warehouse.columns import KINDS, Kind
from flows.warehouse.rejects import Scoped


@dataclass(slots=True)
class Waiting:
    """Gather rows by kind, what was set aside, the scopes that were read, and cursors to move."""

    tables: dict[Kind, list[pa.Table]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    rejects: list[Scoped] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)
    _scopes: dict[Kind, list[str | None]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    rows: int = 0
    size: int = 0  # bytes
    densest: int = 0  # bytes of a row, in the page where they hold most
    began: float = field(default_factory=time.monotonic)

    def add(self, kind: Kind, table: pa.Table, size: float, scope: str | None) -> None:
        """Let rows wait that were read in a scope; each holds about so many bytes."""
        self.tables[kind].append(table)
        self._scopes[kind].append(scope)
        self.rows += len(table)
        self.size += round(size * len(table))
        self.densest = max(self.densest, round(size))

    def set_aside(self, rejects: list[Scoped]) -> None:
        """Let what cannot be stored wait, too."""
        self.rejects += rejects
        self.rows += len(rejects)
        self.size += sum(len(reject.payload) for reject, _ in rejects)

    def count(self, kind: Kind) -> int:
        """Count the rows of a kind."""
        return sum(map(len, self.tables[kind]))

    def scope_of(self, kind: Kind, row: int) -> str | None:
        """Give the scope in which a row of a kind, counted through all tables, was read."""
        ends = accumulate(map(len, self.tables[kind]))
        return next(scope for end, scope in zip(ends, self._scopes[kind], strict=True) if row < end)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        return not (self.rows or self.scopes or self.cursors)

    @property
    def seconds(self) -> float:
        """Tell how long the oldest of it may have waited."""
        return time.monotonic() - self.began
