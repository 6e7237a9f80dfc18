"""Whom letters may be written to, and at which address: read from the marts and the private contacts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from flows.warehouse.marts import has_marts, with_raw

# What time alone does not mend. A recent contact does not count here: telling what came of an answer ends the
# very follow-up that made the contact.
_LASTING = "('do_not_contact', 'unsubscribed', 'no_consent', 'consent_unclear')"
_CUSTOMERS = f"""
select customer_id, reason from marts.contact_eligibility
where purpose = 'follow_up' and reason in {_LASTING} and customer_id in (select unnest($ids))
"""
_RESPONSES = """
select distinct response_key from intermediate.int_consents_told
where not coalesce(is_given, false) and customer_id is null and response_key in (select unnest($ids))
"""
_ADDRESSES = """
select response_key, customer_id, kind, min(value) as value from private.contacts
where response_key in (select unnest($responses))
    or (response_key is null and customer_id in (select unnest($customers)))
group by all
"""


def barred(home: Path, customer_ids: Collection[str], response_keys: Collection[str]) -> dict[str, str]:
    """Give, by customer or response, why no letter about a follow-up may be written for good; others lack."""
    with with_raw(home) as connection:
        if not has_marts(connection, "contact_eligibility"):
            return {}
        customers = connection.execute(_CUSTOMERS, {"ids": list(customer_ids)}).fetchall()
        responses = connection.execute(_RESPONSES, {"ids": list(response_keys)}).fetchall()
    return {str(who): str(why) for who, why in customers} | {str(key): "no_consent" for (key,) in responses}


def addresses(home: Path, asked: Mapping[str, str | None]) -> dict[str, dict[str, str]]:
    """Give name and address as they are known now, by response; `asked` names each response's customer.

    What a response says of itself wins over the customers file.
    """
    given = {"responses": list(asked), "customers": [one for one in asked.values() if one]}
    with with_raw(home) as connection:
        rows = connection.execute(_ADDRESSES, given).fetchall()
    of_responses = {(key, kind): value for key, _, kind, value in rows if key}
    of_customers = {(who, kind): value for key, who, kind, value in rows if not key}
    found: dict[str, dict[str, str]] = {}
    for key, who in asked.items():
        kinds = {kind: of_responses.get((key, kind)) or of_customers.get((who, kind)) for kind in _KINDS}
        found[key] = {kind: value for kind, value in kinds.items() if value}
    return found


_KINDS = ("email", "name")


def salt_of(connection: duckdb.DuckDBPyConnection) -> str:
    """Read the secret that this home's keyed hashes are made with."""
    row = connection.execute("select salt from computed.settings").fetchone()
    return str(row[0]) if row else ""


def customer_key(customer_id: str | None, email: str | None, salt: str) -> str | None:
    """Name a customer for good: the id, else a keyed hash of the address, as ids that are addresses get."""
    if customer_id or not email:
        return customer_id
    return hashlib.md5(f"{salt}|{email.strip().lower()}".encode()).hexdigest()  # noqa: S324 (as published)
