"""What must hold of the mart `customers`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold
from expectations.phrases import no_address


class EveryCustomerHasAnIdOfTheirOwn(MustHold):
    description: str = "Every customer has an id, and no two have the same."
    severity = CRITICAL
    things: ClassVar[str] = "customers"
    query: str = """
        select count(*) as judged, count(*) - count(distinct customer_id) as broken from {batch}"""


class NoCustomerIsCalledByAnAddress(MustHold):
    description: str = "No id, segment or persona of a customer is an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "customers"
    query: str = no_address("customer_id", "account_id", "segment", "persona", where="true")
