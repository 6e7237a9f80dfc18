"""The ledger's tables: what was promised, what happened, which letters went out.

`events` is the truth and only ever grows; `assignments` and `letters` are its present state, written in the
same transaction. Times are stored as UTC without an offset, in both databases alike, and come back aware.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """Store an aware time as naive UTC and give it back aware; a naive time is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into naive UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the ledger keeps aware times only, not {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give a stored time back as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


# SQLite numbers rows by itself only in an INTEGER column.
Counter = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

assignments = Table(
    "assignments",
    metadata,
    Column("assignment_key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject_key", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("team_id", String, nullable=False),
    Column("rule_id", String, nullable=False),
    Column("due_at", UtcTime),
    Column("status", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("build_id", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("customer_id", String),  # out of the facts, so that a customer's others are found quickly
    Index("assignments_by_status", "status"),
    Index("assignments_by_owner", "owner_id"),
    Index("assignments_by_team", "team_id"),
    Index("assignments_by_customer", "customer_id"),
)

events = Table(
    "events",
    metadata,
    Column("event_id", Counter, primary_key=True, autoincrement=True),
    Column("assignment_key", String, nullable=False),
    Column("event", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("note", Text),
    Column("root_cause_id", String),
    Column("details", JSON, nullable=False),
    Index("events_by_assignment", "assignment_key"),
    sqlite_autoincrement=True,  # a number once given is never given again
)

letters = Table(
    "letters",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("assignment_keys", JSON, nullable=False),
    Column("recipient", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("not_before", UtcTime),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("error", Text),
    Column("tells", String),  # the event that its sending writes: of letters to customers
    Index("letters_by_status", "status", "queued_at", "message_id"),  # the order they go out in
)

inbox = Table(
    "inbox",
    metadata,
    Column("event_id", Counter, primary_key=True, autoincrement=True),
    Column("source_name", String, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("taken_at", UtcTime),
    Column("delivery_key", String),  # what came twice comes in once
    Index("inbox_by_delivery", "delivery_key", unique=True),
    sqlite_autoincrement=True,
)

directory = Table(
    "directory",
    metadata,
    Column("name", String, primary_key=True),
    Column("rows", JSON, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("customer_key", String, primary_key=True),
    Column("purpose", String, primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("source", String, nullable=False),
)

builds = Table(
    "builds",
    metadata,
    Column("build_id", String, primary_key=True),
    Column("checked_at", UtcTime, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("sentence", Text, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("build_id", String, primary_key=True),
    Column("check_name", String, primary_key=True),
    Column("sentence", Text, nullable=False),
    Column("severity", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("observed", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("run_no", Counter, primary_key=True, autoincrement=True),
    Column("run_id", String, nullable=False, unique=True),
    Column("version", String, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("exit_status", Integer),
    Column("build_id", String),
    Column("counts", JSON, nullable=False),
    sqlite_autoincrement=True,
)
