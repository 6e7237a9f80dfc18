"""`raw` of earlier versions: opened, it becomes one of this version, and says what it said."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.records import Page, Responses
from flows.warehouse import raw
from flows.warehouse.connections import RAW_ROW_GROUP
from tests.warehouse.landings import definition, digest, land, response, rows

HASHED = ("responses", "definitions", "customers", "invitations")


def of_schema_1(home: Path) -> None:
    """Make what schema 1 left: a hash was a UUID, of whose 32 digits today's hash is the first half."""
    land(
        home,
        [Page(responses=Responses(response(n) for n in range(3)), definitions=[definition("visit", "A")])],
    )
    path = str(home / "raw.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as raw (row_group_size {RAW_ROW_GROUP})")
        for table in HASHED:
            digits = "printf('%016x', content_hash) || '00000000000000ab'"
            connection.execute(
                f"alter table raw.{table} alter content_hash set data type uuid using ({digits})::uuid"
            )
        connection.execute("update raw.meta set schema_version = 1")


def test_hashes_of_schema_1_are_shortened(tmp_path: Path) -> None:
    of_schema_1(tmp_path)

    again = Page(responses=Responses(response(n) for n in range(4)), definitions=[definition("visit", "A")])
    assert land(tmp_path, [again]) == {"responses_new": 1}
    assert rows(tmp_path, "select schema_version from meta") == [(raw.SCHEMA_VERSION,)]
    found = rows(tmp_path, "select content_hash from definitions")
    assert found == [(digest(b'{"title": "A"}'),)]


def test_a_migration_that_is_stopped_left_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_schema_1(tmp_path)
    monkeypatch.setattr(raw, "_HASHED", (*HASHED, "no_such_table"))
    with pytest.raises(duckdb.CatalogException), raw.opened(tmp_path):
        pass
    monkeypatch.undo()
    with duckdb.connect(str(tmp_path / "raw.duckdb"), read_only=True) as connection:
        assert connection.execute("select schema_version from meta").fetchall() == [(1,)]
        assert connection.execute("select typeof(content_hash) from responses limit 1").fetchall() == [
            ("UUID",)
        ]

    assert land(tmp_path, [Page(responses=Responses([response(1)]))]) == {}
