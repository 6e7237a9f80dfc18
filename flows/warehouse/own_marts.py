"""The marts that `publish` writes itself, out of the ledger: columns, types, and what each means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from flows.warehouse.computed import naive


@dataclass(frozen=True, slots=True)
class OwnMart:
    """Describe one mart: a sentence, and per column its type and a sentence."""

    sentence: str
    columns: dict[str, tuple[str, str]]


OWN: dict[str, OwnMart] = {
    "about": OwnMart(
        "One row: when this was published, and what it is.",
        {
            "published_at": ("timestamp", "When these files were published (UTC)."),
            "data_until": ("timestamp", "When the newest response in them was submitted (UTC)."),
            "build_id": ("varchar", "Build of the marts that was published."),
            "version": ("varchar", "Version of Heardback that published it."),
        },
    ),
    "runs": OwnMart(
        "One row per run, as of this publication.",
        {
            "run_id": ("varchar", "Run."),
            "started_at": ("timestamp", "When it began (UTC)."),
            "ended_at": ("timestamp", "When it ended (UTC); null for the run that published this."),
            "exit_status": (
                "integer",
                "How it ended: 0 well, 1 something failed, 3 withheld, 137 killed; null while it is at work.",
            ),
            "build_id": ("varchar", "Build that it made; null where it made none, or is at work."),
            "version": ("varchar", "Version of Heardback that ran."),
        },
    ),
    "findings": OwnMart(
        "One row per check of the published build, and what it found.",
        {
            "build_id": ("varchar", "Build that was checked."),
            "check_name": ("varchar", "Check."),
            "sentence": ("varchar", "What it holds, in words."),
            "severity": ("varchar", "critical (stops letters and publication) or warning."),
            "outcome": ("varchar", "held, broken or could_not_tell."),
            "observed": ("varchar", "What was found."),
            "expected": ("varchar", "What was expected."),
            "since": ("timestamp", "Since when the outcome has been this one (UTC)."),
        },
    ),
}


def tell(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Put the rows of one of these marts into a temporary table; returns its name. Times become naive UTC."""
    mart, table = OWN[name], f"temp.own_{name}"
    columns = ", ".join(f"{column} {kind}" for column, (kind, _) in mart.columns.items())
    connection.execute(f"create or replace temp table own_{name} ({columns})")
    values = [[naive(row[column]) for column in mart.columns] for row in rows]
    if values:
        unnested = ", ".join(f"unnest(?::{kind}[])" for kind, _ in mart.columns.values())
        connection.execute(
            f"insert into {table} select {unnested}", [list(one) for one in zip(*values, strict=True)]
        )
    return table
