"""Make the ledger's first tables.

A migration never imports the present tables: it says what they were when it was written.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables of the first version."""
    _what_was_promised()
    _what_came_in()
    _what_was_run()


def _what_was_promised() -> None:
    op.create_table(
        "assignments",
        sa.Column("assignment_key", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject_key", sa.String, nullable=False),
        sa.Column("owner_id", sa.String, nullable=False),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("rule_id", sa.String, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("build_id", sa.String, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Index("assignments_by_status", "status"),
    )
    op.create_table(
        "events",
        sa.Column("event_id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("assignment_key", sa.String, nullable=False),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("root_cause_id", sa.String),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Index("events_by_assignment", "assignment_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "letters",
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("assignment_keys", sa.JSON, nullable=False),
        sa.Column("recipient", sa.String, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("not_before", sa.DateTime),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("error", sa.Text),
        sa.Index("letters_by_status", "status", "queued_at"),
    )


def _what_came_in() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("source_name", sa.String, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("taken_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "preferences",
        sa.Column("customer_key", sa.String, primary_key=True),
        sa.Column("purpose", sa.String, primary_key=True),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )


def _what_was_run() -> None:
    op.create_table(
        "builds",
        sa.Column("build_id", sa.String, primary_key=True),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
    )
    op.create_table(
        "findings",
        sa.Column("build_id", sa.String, primary_key=True),
        sa.Column("check_name", sa.String, primary_key=True),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("observed", sa.Text, nullable=False),
        sa.Column("expected", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("run_no", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String, nullable=False, unique=True),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("exit_status", sa.Integer),
        sa.Column("build_id", sa.String),
        sa.Column("counts", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
