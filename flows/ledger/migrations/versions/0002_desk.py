"""Make room for the desk: what people can choose there, a customer's follow-ups, what comes in only once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the directory, the customer of an assignment and the delivery key of the inbox."""
    op.create_table(
        "directory",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime, nullable=False),
    )
    op.add_column("assignments", sa.Column("customer_id", sa.String))
    op.create_index("assignments_by_owner", "assignments", ["owner_id"])
    op.create_index("assignments_by_team", "assignments", ["team_id"])
    op.create_index("assignments_by_customer", "assignments", ["customer_id"])
    op.add_column("inbox", sa.Column("delivery_key", sa.String))
    op.create_index("inbox_by_delivery", "inbox", ["delivery_key"], unique=True)
    _name_customers()


def _name_customers() -> None:
    held = sa.table(
        "assignments",
        sa.column("assignment_key", sa.String),
        sa.column("facts", sa.JSON),
        sa.column("customer_id", sa.String),
    )
    connection = op.get_bind()
    for key, facts in connection.execute(sa.select(held.c.assignment_key, held.c.facts)).fetchall():
        customer = (facts or {}).get("customer_id")
        if customer is not None:
            named = sa.update(held).where(held.c.assignment_key == key).values(customer_id=str(customer))
            connection.execute(named)
