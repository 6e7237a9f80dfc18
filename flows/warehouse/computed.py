"""What Python works out before dbt begins: the schema `computed` of the warehouse."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from flows.records import Opening, ThemePattern
from flows.warehouse.connections import attached

FILE = "warehouse.duckdb"

TABLES = """
create schema if not exists computed;
create or replace table computed.settings (
    now timestamp, timezone varchar, today date, is_daily boolean, suppress_below integer,
    flag_points_wider_than double, flag_share_wider_than double, within_days integer, join_open boolean,
    close_after_days integer, owner_cap_per_day integer, days_between integer, salt varchar, currency varchar,
    language varchar, version varchar);
create or replace table computed.segment_types (segment_type varchar);
create or replace table computed.sources (source_name varchar, tool varchar, holds varchar);
create or replace table computed.openings (
    calendar_id varchar, timezone varchar, opens_at timestamp, closes_at timestamp,
    open_seconds_before bigint);
create or replace table computed.theme_patterns (
    pattern_no integer, theme_id varchar, language varchar, plain varchar, marked varchar, steps bigint);
create table if not exists computed.stamp (
    build_id varchar, built_at timestamp, local_date date, fingerprint varchar, version varchar);
create table if not exists computed.last_build (
    build_id varchar, built_at timestamp, local_date date, fingerprint varchar, version varchar,
    marks varchar);
create table if not exists computed.drivers (
    journey_id varchar, outcome_metric varchar, touchpoint_id varchar, importance double,
    importance_low double, importance_high double, rank_low bigint, rank_high bigint, sign bigint,
    is_sign_certain boolean, correlation double, r_squared double, answer_count bigint, sample_count bigint,
    survey_kind varchar, method varchar, left_out varchar, is_repaired boolean, replicate_count bigint,
    seed bigint);
create table if not exists computed.test_results (
    test_name varchar, sentence varchar, status varchar, failures bigint);
"""


@contextlib.contextmanager
def opened(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse of a home for writing, made when missing; raises HeardbackError if that fails."""
    with attached(home / FILE, "warehouse") as connection:
        yield connection


def begin_build(
    home: Path,
    settings: Mapping[str, Any],
    *,
    segment_types: Iterable[str],
    sources: Iterable[tuple[str, str, str]],
    openings: Iterable[Opening],
    patterns: Iterable[ThemePattern] = (),
) -> None:
    """Take the stamp away and write what dbt reads, in one transaction; times become naive UTC."""
    with opened(home) as connection:
        connection.execute("begin")
        for statement in TABLES.split(";"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("delete from computed.stamp")
        names, marks = ", ".join(settings), ", ".join("?" for _ in settings)
        values = [naive(value) for value in settings.values()]
        connection.execute(f"insert into computed.settings ({names}) values ({marks})", values)
        _fill(connection, "segment_types", [(word,) for word in dict.fromkeys(segment_types)])
        _fill(connection, "sources", sources)
        rows = ((o.calendar_id, o.timezone, o.opens_at, o.closes_at, o.open_seconds_before) for o in openings)
        _fill(connection, "openings", rows)
        numbered = enumerate(patterns)
        told = ((no, p.theme_id, p.language, p.plain, p.marked, p.steps) for no, p in numbered)
        _fill(connection, "theme_patterns", told)
        connection.execute("commit")


def keep_test_results(home: Path, results: Iterable[tuple[str, str, str, int | None]]) -> None:
    """Replace the results of dbt's tests: name, sentence, status (pass, warn, fail, error), failing rows."""
    with opened(home) as connection:
        connection.execute("begin")
        connection.execute("delete from computed.test_results")
        _fill(connection, "test_results", results)
        connection.execute("commit")


def driver_pairs(home: Path) -> dict[str, Any]:
    """Read the sums that drivers are estimated from, as one array per column."""
    with opened(home) as connection:
        columns: dict[str, Any] = connection.execute("from intermediate.int_driver_pairs_summed").fetchnumpy()
    return columns


def keep_drivers(home: Path, rows: list[dict[str, Any]]) -> bool:
    """Replace the estimates; tells whether they differ from those that were kept (beyond nine digits)."""
    with opened(home) as connection:
        connection.execute("begin")
        found = connection.execute("from computed.drivers")
        names = [column[0] for column in found.description or []]
        before = found.fetchall()
        values = [tuple(row.get(name) for name in names) for row in rows]
        if _to_compare(before) == _to_compare(values):
            return False
        connection.execute("delete from computed.drivers")
        _fill(connection, "drivers", values)
        connection.execute("commit")
    return True


def _to_compare(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Write rows so that they compare whatever their order; sums are added in no certain order."""
    return sorted(repr([f"{one:.9g}" if isinstance(one, float) else one for one in row]) for row in rows)


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = [[naive(value) for value in column] for column in zip(*rows, strict=True)]
    if columns:
        unnested = ", ".join("unnest(?)" for _ in columns)
        connection.execute(f"insert into computed.{table} select {unnested}", columns)


def naive(value: Any) -> Any:
    """Give an aware time as UTC without a zone, as the stores keep it; anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
