"""Models run one after another over tables written by hand: the SQL that dbt compiled, without dbt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

Rows = Sequence[Mapping[str, Any]]


class Chain:
    """Hold an empty warehouse, given tables, and models made of them."""

    def __init__(self, compiled: Mapping[str, str]) -> None:
        self.sql = {name.rsplit("/", 1)[1].removesuffix(".sql"): sql for name, sql in compiled.items()}
        self.schema = {
            name.rsplit("/", 1)[1].removesuffix(".sql"): name.split("/")[1]
            for name in compiled
            if "/" in name
        }
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as warehouse")
        for schema in ("computed", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema warehouse.{schema}")

    def given(self, table: str, types: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write a table `schema.name`; `types` are its columns as SQL writes them."""
        self.connection.execute(f"create or replace table warehouse.{table} ({types})")
        columns = list(zip(*rows, strict=True))
        if columns:
            marks = ", ".join("unnest(?)" for _ in columns)
            self.connection.execute(
                f"insert into warehouse.{table} select {marks}", [list(c) for c in columns]
            )

    def make(self, *models: str) -> None:
        """Make models, each after those it reads."""
        for model in models:
            relation = f"warehouse.{self.schema[model]}.{model}"
            self.connection.execute(f"create or replace table {relation} as {self.sql[model]}")

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Query what was made."""
        found = self.connection.execute(query)
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
