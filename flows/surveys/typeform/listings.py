"""The bytes of a page of responses, taken apart; each item stays exactly as it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from flows.surveys.listings import REFUSALS, apart, without_mark


class _Listing(msgspec.Struct):
    items: list[msgspec.Raw] | None
    total_items: Any = None
    page_count: Any = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Carry the items of one page; of what is asked for, `total` are left with it, on so many `pages`.

    These two are None where the tool does not say.
    """

    items: list[bytes]
    total: int | None
    pages: int | None


_DECODER = msgspec.json.Decoder(_Listing)


def listing(body: bytes) -> Listing:
    """Take a page apart; raises Unreadable for what is none."""
    body = without_mark(body)
    try:
        found = _DECODER.decode(body)
        items = list(map(bytes, found.items or ()))
        return Listing(items, _count(found.total_items), _count(found.page_count))
    except REFUSALS:
        items, others = apart(body, "items")
        return Listing(items, _count(others.get("total_items")), _count(others.get("page_count")))


def _count(value: object) -> int | None:
    """Read a count that may come as text."""
    try:
        return int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
