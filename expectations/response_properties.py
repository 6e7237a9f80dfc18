"""What must hold of the mart `response_properties`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold
from expectations.phrases import no_address


class NoPropertyHoldsAnAddress(MustHold):
    description: str = "No property of a response holds an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "properties"
    may_be_empty: ClassVar[bool] = True
    query: str = no_address("value", "name")
