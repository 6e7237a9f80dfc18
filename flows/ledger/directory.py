"""What people can choose at the desk, kept beside the follow-ups so that it opens the ledger and no more.

Each name (`owners`, `teams`, `root_causes` ...) holds the rows of one table as plain data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from flows.ledger.opening import Ledger
from flows.ledger.tables import directory as kept

Rows = list[dict[str, Any]]


def keep_directory(ledger: Ledger, tables: Mapping[str, Rows], at: datetime) -> list[str]:
    """Keep tables as they are now; returns the names that changed (none: nothing is locked)."""
    present = read_directory(ledger)
    changed = {name: rows for name, rows in tables.items() if present.get(name) != rows}
    if changed:
        with ledger.writing() as connection:
            standing = set(connection.execute(select(kept.c.name)).scalars())
            for name, rows in changed.items():
                values = {"rows": rows, "kept_at": at}
                if name in standing:
                    connection.execute(update(kept).where(kept.c.name == name).values(values))
                else:
                    connection.execute(insert(kept), [{"name": name, **values}])
    return sorted(changed)


def read_directory(ledger: Ledger) -> dict[str, Rows]:
    """Give every table by name."""
    with ledger.reading() as connection:
        return {name: list(rows) for name, rows in connection.execute(select(kept.c.name, kept.c.rows))}
