"""The book of runs: when each began and ended, how, and what it counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from flows.ledger.opening import Ledger
from flows.ledger.tables import runs as runs_table

KILLED = 137


def start_run(ledger: Ledger, run_id: str, version: str, at: datetime) -> None:
    """Note that a run began; a run that is killed keeps an empty end."""
    row = {"run_id": run_id, "version": version, "started_at": at, "counts": {}}
    with ledger.writing() as connection:
        connection.execute(insert(runs_table), [row])


def end_run(
    ledger: Ledger, run_id: str, exit_status: int, build_id: str | None, counts: dict[str, Any], at: datetime
) -> None:
    """Note how a run ended: its exit status, the build it made and what it counted."""
    change = {"ended_at": at, "exit_status": exit_status, "build_id": build_id, "counts": counts}
    with ledger.writing() as connection:
        connection.execute(update(runs_table).where(runs_table.c.run_id == run_id).values(change))


def end_killed_runs(ledger: Ledger, at: datetime) -> int:
    """End the runs that have no end, with the shell's status of a kill; call it only under the run lock."""
    with ledger.reading() as connection:
        if (
            connection.execute(select(runs_table.c.run_no).where(runs_table.c.ended_at.is_(None))).first()
            is None
        ):
            return 0
    change = {"ended_at": at, "exit_status": KILLED}
    with ledger.writing() as connection:
        return connection.execute(
            update(runs_table).where(runs_table.c.ended_at.is_(None)).values(change)
        ).rowcount


def runs(ledger: Ledger) -> list[dict[str, Any]]:
    """List all runs, oldest first: run_id, version, started_at, ended_at, exit_status, build_id, counts."""
    columns = [column for column in runs_table.c if column.name != "run_no"]
    with ledger.reading() as connection:
        return [
            dict(row) for row in connection.execute(select(*columns).order_by(runs_table.c.run_no)).mappings()
        ]
