"""Payloads of survey tools landed, and what the staging views of their tools make of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from flows.records import Page
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing
from tests.warehouse.landings import NOW, Origin

from .conftest import PROJECT


class Staged:
    """Hold a home into which pages of some tools were landed, and its staging views, built by dbt."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def land(self, tool: str, pages: Iterable[Page]) -> None:
        """Land pages of a tool in one load, as a source of the tool's name."""
        with raw.opened(self.home) as connection:
            landing = Landing(connection, Origin(tool, tool, "run", "as configured", NOW))
            for page in pages:
                landing.take(laid_out(page))
            landing.end("ok", "")

    def build(self, tools: Iterable[str]) -> None:
        """Build the staging views of tools, and what they read."""
        with duckdb.connect(str(self.home / "warehouse.duckdb")) as connection:
            connection.execute("create schema computed")
            connection.execute("create table computed.settings as select 'salt' as salt")
        environment = {
            **os.environ,
            "HEARDBACK_WAREHOUSE_FILE": str(self.home / "warehouse.duckdb"),
            "HEARDBACK_RAW_FILE": str(self.home / "raw.duckdb"),
            "HEARDBACK_TEMP": str(self.home / "temp"),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
            "DO_NOT_TRACK": "1",
        }
        chosen = [f"staging.{tool}" for tool in tools]
        command = [
            *(str(Path(sys.executable).parent / "dbt"), "--quiet", "--no-version-check", "run"),
            *("--project-dir", str(PROJECT), "--select", "stg_raw__response_versions"),
            *("stg_raw__definitions", *chosen),
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Query the views, which stand in the schema `staging`."""
        with duckdb.connect(str(self.home / "warehouse.duckdb")) as connection:
            connection.execute(f"attach '{self.home / 'raw.duckdb'}' as raw (read_only)")
            return connection.execute(query).fetchall()

    def columns(self, view: str) -> list[str]:
        """Name the columns of a view, in order."""
        return [str(row[0]) for row in self.rows(f"describe staging.{view}")]
