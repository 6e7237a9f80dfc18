"""Answers of survey tools, landed as a collect lands them, and read by the staging models of the project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.records import Page
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing, Origin

from .chain import Chain

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KINDS = ("answers", "properties", "questions")
_RAW = ("stg_raw__response_versions", "stg_raw__definitions")


def staged(compiled: Mapping[str, str], home: Path, told: Mapping[str, Iterable[Page]]) -> Chain:
    """Land what tools told, by tool, each as the source of its name; gives their staging models, made."""
    with raw.opened(home) as connection:
        for tool, pages in told.items():
            landing = Landing(connection, Origin(tool, tool, "run", "", NOW))
            for page in pages:
                landing.take(laid_out(page))
            landing.end("ok", "")
    chain = Chain(compiled)
    chain.connection.execute(f"attach '{home / 'raw.duckdb'}' as raw (read_only)")
    chain.given("computed.settings", "salt varchar", [("salt",)])
    chain.make(*_RAW, *(f"stg_{tool}__{kind}" for tool in told for kind in KINDS))
    chain.connection.execute("use warehouse.staging")
    return chain


def make_with_parents(chain: Chain, model: str) -> None:
    """Make a staging model after the staging models that it reads."""
    for parent in dict.fromkeys(re.findall(r'"staging"\."(stg_\w+)"', chain.sql[model])):
        make_with_parents(chain, parent)
    chain.make(model)


def columns_of(chain: Chain, kind: str) -> dict[str, list[tuple[Any, ...]]]:
    """Give names and types of the columns of each tool's model of a kind, in order."""
    found = chain.rows(
        "select table_name, column_name, data_type from information_schema.columns "
        f"where table_name like 'stg_%__{kind}' and table_schema = 'staging' "
        "and split_part(table_name, '__', 1) not in ('stg_raw', 'stg_programme') order by ordinal_position"
    )
    told: dict[str, list[tuple[Any, ...]]] = {}
    for row in found:
        told.setdefault(row["table_name"], []).append((row["column_name"], row["data_type"]))
    return told


def texts(chain: Chain, query: str) -> list[tuple[Any, ...]]:
    """Query what was made, as plain rows."""
    return [tuple(row.values()) for row in chain.rows(query)]
