"""What customers said about being written to: one row per customer and purpose, its newest word.

`purpose` is follow_up, announcement or survey, or `all` for every one of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from flows.ledger.opening import Ledger
from flows.ledger.tables import preferences


def prefer(
    ledger: Ledger, customer_key: str, purpose: str, *, allowed: bool, at: datetime, source: str
) -> bool:
    """Keep what a customer prefers; False where that stands there already (then nothing is written)."""
    mine = (preferences.c.customer_key == customer_key, preferences.c.purpose == purpose)
    values = {"allowed": allowed, "at": at, "source": source}
    with ledger.writing() as connection:
        present = connection.execute(select(preferences.c.allowed).where(*mine)).first()
        if present is None:
            row = {"customer_key": customer_key, "purpose": purpose, **values}
            connection.execute(insert(preferences), [row])
        elif present[0] != allowed:
            connection.execute(update(preferences).where(*mine).values(values))
        else:
            return False
    return True


def all_preferences(ledger: Ledger) -> list[dict[str, Any]]:
    """List every preference as it stands; `at` aware UTC."""
    query = select(preferences).order_by(preferences.c.customer_key, preferences.c.purpose)
    with ledger.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def refusing(ledger: Ledger, customer_keys: Collection[str], purpose: str) -> set[str]:
    """Tell which of these customers want nothing for a purpose."""
    query = select(preferences.c.customer_key).where(
        preferences.c.customer_key.in_(list(customer_keys)),
        preferences.c.purpose.in_([purpose, "all"]),
        preferences.c.allowed.is_(False),
    )
    with ledger.reading() as connection:
        return set(connection.execute(query).scalars())
