"""Find the oldest waiting letters without sorting all that wait: what a claim costs is what it takes."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the index of waiting letters end with what they are ordered by."""
    op.drop_index("letters_by_status", "letters")
    op.create_index("letters_by_status", "letters", ["status", "queued_at", "message_id"])
