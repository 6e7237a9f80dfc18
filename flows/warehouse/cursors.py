"""How far each stream of a source was read, and with which configuration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb

from flows.records import Cursor
from flows.warehouse.columns import readable

# A survey module's own cursors are of other kinds: this one says what they all were read with.
_CONFIGURATION = ("", "configuration")


def fingerprint(configuration: Mapping[str, Any]) -> str:
    """Say in 32 digits with which settings (secrets left out by the caller) a source is read."""
    text = json.dumps(configuration, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_cursors(connection: duckdb.DuckDBPyConnection, source_name: str) -> dict[tuple[str, str], str]:
    """Give the positions of a source by (survey id, kind); the configuration is not among them."""
    rows = connection.execute(
        "select survey_id, kind, position from cursors where source_name = ?", [source_name]
    ).fetchall()
    positions = {(survey_id, kind): position for survey_id, kind, position in rows}
    positions.pop(_CONFIGURATION, None)
    return positions


def restart_if_changed(
    connection: duckdb.DuckDBPyConnection, source_name: str, configuration: str, now: datetime
) -> bool:
    """Forget a source's cursors when its configuration is another than they were read with; True if so.

    `now` is naive UTC. Call it inside a transaction: cursors go and the configuration is noted, or neither.
    """
    rows = connection.execute(
        "select survey_id, kind, position from cursors where source_name = ?", [source_name]
    ).fetchall()
    noted = {(survey_id, kind): position for survey_id, kind, position in rows}.get(_CONFIGURATION)
    if noted == configuration:
        return False
    connection.execute("delete from cursors where source_name = ?", [source_name])
    connection.execute(
        "insert into cursors values (?, ?, ?, ?, ?)", [source_name, *_CONFIGURATION, configuration, now]
    )
    return bool(rows)


def move_cursors(
    connection: duckdb.DuckDBPyConnection, source_name: str, cursors: Iterable[Cursor], now: datetime
) -> None:
    """Write positions (the last of each stream) in the transaction of the rows they stand for."""
    for one in {(cursor.survey_id, cursor.kind): cursor for cursor in cursors}.values():
        connection.execute(
            "delete from cursors where source_name = ? and survey_id = ? and kind = ?",
            [source_name, readable(one.survey_id), one.kind],
        )
        connection.execute(
            "insert into cursors values (?, ?, ?, ?, ?)",
            [source_name, readable(one.survey_id), one.kind, one.position, now],
        )
