"""Let a letter say what its sending means: the event that it writes for its follow-up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the event that a sent letter writes; letters to colleagues write none."""
    op.add_column("letters", sa.Column("tells", sa.String))
