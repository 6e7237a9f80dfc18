"""`raw.duckdb`: what customers told us. Append-only, irreplaceable, alone in its file.

Every table is a history: the newest `(load_id, sequence)` of a key is the truth, what lies below is how it
came about. Keys are made of facts (source, survey, response id); cursors move in the transaction of their
rows.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.records import ConfigurationError
from flows.warehouse.connections import RAW_ROW_GROUP, attached

SCHEMA_VERSION = 2
LANDING, _USUAL = 80, 200  # MB; rows of the usual size need no more to be landed, however many there are
_LEAST = 60
# Rows that fill no group go to the log first and are packed afterwards, unless the log may hold few bytes.
# Each packing costs the more, the more is stored.
_SMALL = 100_000_000  # bytes
_HASHED = ("responses", "definitions", "customers", "invitations")

TABLES = """
create table if not exists meta (schema_version integer, salt varchar);
create table if not exists loads (load_id bigint, run_id varchar, source_name varchar, started_at timestamp);
create table if not exists fetches (
    load_id bigint, source_name varchar, tool varchar, fetched_at timestamp,
    outcome varchar, message varchar, response_count bigint);
create table if not exists responses (
    source_name varchar, tool varchar, survey_id varchar, response_id varchar, load_id bigint,
    sequence bigint, run_id varchar, fetched_at timestamp, content_hash ubigint, is_deleted boolean,
    submitted_at timestamp, is_complete boolean, customer_id varchar, account_id varchar, email varchar,
    language varchar, channel varchar, audience varchar, weight double,
    payload varchar using compression zstd);
create table if not exists definitions (
    source_name varchar, tool varchar, survey_id varchar, load_id bigint, sequence bigint,
    fetched_at timestamp, content_hash ubigint, payload varchar);
create table if not exists customers (
    source_name varchar, customer_id varchar, load_id bigint, sequence bigint, fetched_at timestamp,
    content_hash ubigint, account_id varchar, name varchar, email varchar, phone varchar, segment varchar,
    persona varchar, audience varchar, annual_value varchar, currency varchar, language varchar,
    may_contact varchar, owner_id varchar, left_at varchar);
create table if not exists invitations (
    source_name varchar, tool varchar, survey_id varchar, invitation_id varchar, load_id bigint,
    sequence bigint, fetched_at timestamp, content_hash ubigint, invited_at timestamp, invited_count bigint,
    started_count bigint, completed_count bigint, payload varchar);
create table if not exists rejects (
    source_name varchar, survey_id varchar, response_id varchar, question_ref varchar, level varchar,
    reason varchar, seen_at timestamp, record_key varchar, load_id bigint, scope varchar, payload varchar);
create table if not exists scopes (source_name varchar, scope varchar, load_id bigint);
create table if not exists cursors (
    source_name varchar, survey_id varchar, kind varchar, position varchar, moved_at timestamp);
create table if not exists programme_versions (
    table_name varchar, version_no bigint, loaded_at timestamp, content_hash varchar, row_count bigint);
create table if not exists programme_rows (
    table_name varchar, version_no bigint, line_no bigint, cells varchar);
create table if not exists ledger_events (
    event_id bigint, assignment_key varchar, event varchar, "at" timestamp, actor varchar, note varchar,
    root_cause_id varchar, details varchar);
create table if not exists ledger_preferences (
    copy_no bigint, customer_key varchar, purpose varchar, allowed boolean, "at" timestamp, source varchar);
"""


@contextlib.contextmanager
def opened(
    home: Path, *, read_only: bool = False, memory: int = _USUAL
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a home's `raw.duckdb`, made when missing; raises ConfigurationError for a newer one.

    DuckDB may take `memory` MB, and what it needs to read a log that somebody killed has left.
    """
    path = home / "raw.duckdb"
    if not read_only or not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        read_only = False
    memory += _mb_for(_size(home / "raw.duckdb.wal"))
    # One thread: two would pack rows of one batch in groups of their own, which takes twice the space.
    with attached(
        path, "raw", read_only=read_only, row_group_size=RAW_ROW_GROUP, memory=f"{memory}MB", threads=1
    ) as connection:
        if not read_only:
            connection.execute(f"set variable granted = {memory}")
            if _size(path) < _SMALL:
                connection.execute("set checkpoint_threshold = '4MB'")
            _migrate(connection, path)
        yield connection


def make_room(connection: duckdb.DuckDBPyConnection, size: int, densest: int) -> None:
    """Let DuckDB take as much memory as so many bytes need, where a row of the densest page holds so many.

    It reads 2,048 rows at once. What was granted stays: it packs such rows later, too.
    """
    needed = _LEAST + _mb_for(min(size, 2048 * densest))
    if needed > LANDING:
        [(granted,)] = connection.execute("select getvariable('granted')").fetchall()
        if needed > granted:
            connection.execute(f"set memory_limit = '{needed}MB'; set variable granted = {needed}")


def _mb_for(size: int) -> int:
    """Tell what bytes of answers need at most: six times as much by DuckDB's JSON, found with 60 MB."""
    return round(6 * size / 1_000_000)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            connection.execute(statement)
    row = connection.execute("select schema_version from meta").fetchone()
    if row is None:
        connection.execute("insert into meta values (?, ?)", [SCHEMA_VERSION, secrets.token_hex(16)])
    elif row[0] == 1:
        _shorten_hashes(connection)
    elif row[0] > SCHEMA_VERSION:
        raise ConfigurationError(
            f"{path} was written by a newer Heardback (schema {row[0]}, this one knows {SCHEMA_VERSION}). "
            "Install that version again, or choose another HEARDBACK_HOME."
        )


def _shorten_hashes(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep half of each hash, as it stood in schema 1 as a UUID: 64 bits tell versions of one key apart."""
    half = "('0x' || left(replace(content_hash::varchar, '-', ''), 16))::ubigint"
    connection.execute("begin")
    for table in _HASHED:
        connection.execute(f"alter table {table} alter content_hash set data type ubigint using {half}")
    connection.execute("update meta set schema_version = 2")
    connection.execute("commit")
