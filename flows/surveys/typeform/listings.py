"""The bytes of a page of responses, taken apart; each item stays exactly as it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from flows.surveys.apart import BOM, REFUSALS, elements, members, text_of_body
from flows.surveys.body import Unreadable


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
    """Take a page apart; raises Unreadable for what is none.

    msgspec refuses a whole page for half an emoji in one comment: such a page is taken apart by the standard
    library, so that one bad item does not keep its neighbours out.
    """
    body = body.removeprefix(BOM)
    try:
        found = _DECODER.decode(body)
        items = [bytes(item) for item in found.items or ()]
        return Listing(items, _count(found.total_items), _count(found.page_count))
    except REFUSALS:
        return _apart(body)


def json_object(body: bytes) -> bytes:
    """Give a body that is a JSON object as it came; raises Unreadable for anything else."""
    body = body.removeprefix(BOM)
    for _ in members(text_of_body(body)):
        pass
    return body


def _apart(body: bytes) -> Listing:
    text = text_of_body(body)
    items: list[bytes] | None = None
    counts: dict[str, object] = {}
    for name, start, value in members(text):
        if name == "items" and value is None:
            items = []
        elif name == "items" and isinstance(value, list):
            items = [text[a:b].encode("utf-8", "surrogateescape") for a, b in elements(text, start)]
        elif name in ("total_items", "page_count"):
            counts[name] = value
    if items is None:
        raise Unreadable("its answer is JSON, but no list of items")
    return Listing(items, _count(counts.get("total_items")), _count(counts.get("page_count")))


def _count(value: object) -> int | None:
    """Read a count that may come as text."""
    try:
        return int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
