"""Tell Alembic how to reach the ledger: in the transaction that `flows.ledger.opening` began."""

from __future__ import annotations

from alembic import context

from flows.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
