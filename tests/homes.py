"""Homes for tests: rows put into `raw` as a collect would put them, marts built and read back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from flows import programme, transform
from flows.configuration import Configuration
from flows.programme import COLUMNS
from flows.records import ProgrammeTable
from flows.warehouse import raw

Cells = Mapping[str, str | None]


def untold(steps: int = 1, *, total: int | None = None, description: str | None = None) -> None:
    """Take progress and show nothing."""


class Home:
    """Hold a home folder, the time it is there, and the number of the next load."""

    def __init__(self, folder: Path, now: datetime, **configuration: Any) -> None:
        self.folder = folder
        self.now = now
        self.load_id = 0
        self.sequence = 0
        self.configuration = Configuration.model_validate(
            {"sources": [{"name": "kiosk", "tool": "files", "path": "*.csv"}], **configuration}
        )
        self.tables = {name: _table(name, []) for name in COLUMNS}
        with raw.opened(folder):
            pass

    @property
    def _naive_now(self) -> datetime:
        return self.now.replace(tzinfo=None)

    def programme(self, **tables: list[Cells]) -> None:
        """Set programme tables; columns that a row leaves out are empty."""
        self.tables.update({name: _table(name, rows) for name, rows in tables.items()})

    def programme_from(self, folder: Path) -> None:
        """Read the programme tables of a folder."""
        tables, faults = programme.read(folder)
        assert not faults, faults
        self.tables = tables

    def load(self) -> int:
        """Begin the next load."""
        self.load_id += 1
        return self.load_id

    def response(self, response_id: str, payload: dict[str, Any], **envelope: Any) -> None:
        """Add a version of a response to the load at work; the envelope's fields are named as in `raw`."""
        self.sequence += 1
        row: dict[str, Any] = {
            "source_name": "kiosk",
            "tool": "files",
            "survey_id": "visit",
            "response_id": response_id,
            "load_id": self.load_id,
            "sequence": self.sequence,
            "run_id": "run",
            "fetched_at": self._naive_now,
            "content_hash": uuid.uuid4().int >> 65,
            "is_deleted": False,
            "submitted_at": self._naive_now,
            "is_complete": True,
            "payload": json.dumps(payload),
            **envelope,
        }
        self._insert("responses", row)

    def answers(self, response_id: str, answers: Cells, **more: Any) -> None:
        """Add a version of a row of a file: its answers, `properties`, `contacts`, and the envelope."""
        payload = {
            "fields": {},
            "properties": more.pop("properties", {}),
            "contacts": more.pop("contacts", {}),
            "answers": answers,
        }
        self.response(response_id, payload, **more)

    def definition(self, survey_id: str, payload: dict[str, Any], source_name: str = "forms") -> None:
        """Add a version of a Typeform definition."""
        self.sequence += 1
        self._insert(
            "definitions",
            {
                "source_name": source_name,
                "tool": "typeform",
                "survey_id": survey_id,
                "load_id": self.load_id,
                "sequence": self.sequence,
                "fetched_at": self._naive_now,
                "content_hash": uuid.uuid4().int >> 65,
                "payload": json.dumps(payload),
            },
        )

    def customer(self, customer_id: str, **cells: str | None) -> None:
        """Add a version of a row of a customers file."""
        self.sequence += 1
        keys = {"source_name": "crm", "load_id": self.load_id, "sequence": self.sequence}
        facts = {"fetched_at": self._naive_now, "content_hash": uuid.uuid4().int >> 65}
        self._insert("customers", {**keys, "customer_id": customer_id, **facts, **cells})

    def reject(self, reason: str, scope: str | None = None) -> None:
        """Add a record that could not be read."""
        key = f"{self.load_id}/{self.sequence}/{reason}"
        self.sequence += 1
        self._insert(
            "rejects",
            {
                "source_name": "kiosk",
                "survey_id": "visit",
                "level": "record",
                "reason": reason,
                "seen_at": self._naive_now,
                "record_key": key,
                "load_id": self.load_id,
                "scope": scope,
                "payload": "{}",
            },
        )

    def read_whole(self, scope: str) -> None:
        """Note that a scope (a file) was read in the load at work."""
        self._insert("scopes", {"source_name": "kiosk", "scope": scope, "load_id": self.load_id})

    def event(self, key: str, event: str, **details: Any) -> None:
        """Copy an event of the ledger."""
        self.sequence += 1
        row = {"event_id": self.sequence, "assignment_key": key, "event": event, "at": self._naive_now}
        self._insert("ledger_events", {**row, "actor": "test", "details": json.dumps(details)})

    def build(self, *, with_tests: bool = False) -> transform.Plan:
        """Build the marts as of now."""
        return transform.build_marts(
            self.folder, self.configuration, self.tables, self.now, untold, with_tests=with_tests
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Query the warehouse."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.folder / 'raw.duckdb'}' as raw (read_only)")
            connection.execute(f"attach '{self.folder / 'warehouse.duckdb'}' as warehouse (read_only)")
            connection.execute("use warehouse")
            found = connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        with raw.opened(self.folder) as connection:
            names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
            connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


def _table(name: str, rows: list[Cells]) -> ProgrammeTable:
    whole: list[dict[str, str | None]] = [
        {column: row.get(column) for column in COLUMNS[name]} for row in rows
    ]
    return ProgrammeTable(name, COLUMNS[name], whole, list(range(2, len(rows) + 2)), f"{name}.csv")
