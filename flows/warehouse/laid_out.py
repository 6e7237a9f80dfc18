"""A page laid out as rows of `raw`: what can be done to it before anything is asked of DuckDB.

Whoever reads pages does so, not whoever writes them: that one mostly waits for DuckDB, and meanwhile the
next pages are read and laid out. They also take less room so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from flows.records import Cursor, Page
from flows.warehouse.columns import CUSTOMERS, KINDS, RESPONSES, Kind, columns_of, set_aside
from flows.warehouse.fitting import NO_UNICODE, as_text
from flows.warehouse.rejects import Scoped


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Carry what a page brought: rows by kind, what cannot be stored as text, and all that is no row."""

    tables: dict[Kind, pa.Table] = field(default_factory=dict)
    sizes: dict[Kind, int] = field(default_factory=dict)  # bytes
    rejects: list[Scoped] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    scope: str | None = None

    @property
    def told(self) -> int:
        """Count the people and answers it tells of."""
        return sum(len(self.tables[kind]) for kind in (RESPONSES, CUSTOMERS) if kind in self.tables)

    @property
    def size(self) -> int:
        """Tell about how many bytes it holds."""
        return sum(self.sizes.values()) + sum(len(reject.payload) for reject, _ in self.rejects)


def laid_out(page: Page) -> LaidOut:
    """Lay a page out; a record that no column can hold becomes a reject."""
    laid = LaidOut(cursors=page.cursors, warnings=page.warnings, scope=page.scope)
    laid.rejects.extend((reject, page.scope) for reject in page.rejects)
    for kind in KINDS:
        if told := getattr(page, kind.table):
            laid.tables[kind], unfit = as_text(columns_of(kind, told))
            laid.sizes[kind] = laid.tables[kind].nbytes
            laid.rejects.extend((set_aside(told[place], NO_UNICODE), page.scope) for place in unfit)
    return laid
