"""The bytes of a page of responses, taken apart; each item stays exactly as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from flows.surveys.body import Unreadable

_BOM = b"\xef\xbb\xbf"
_BLANKS = " \t\r\n"
# Lenient where that costs nothing: what stands in the items is judged item by item.
_JSON = json.JSONDecoder(strict=False, parse_int=float)
REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


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
    body = body.removeprefix(_BOM)
    try:
        found = _DECODER.decode(body)
        items = [bytes(item) for item in found.items or ()]
        return Listing(items, _count(found.total_items), _count(found.page_count))
    except REFUSALS:
        return _apart(body)


def json_object(body: bytes) -> bytes:
    """Give a body that is a JSON object as it came; raises Unreadable for anything else."""
    body = body.removeprefix(_BOM)
    for _ in _members(_text(body)):
        pass
    return body


def _apart(body: bytes) -> Listing:
    text = _text(body)
    items: list[bytes] | None = None
    counts: dict[str, object] = {}
    for name, start, value in _members(text):
        if name == "items" and value is None:
            items = []
        elif name == "items" and isinstance(value, list):
            items = [text[a:b].encode("utf-8", "surrogateescape") for a, b in _elements(text, start)]
        elif name in ("total_items", "page_count"):
            counts[name] = value
    if items is None:
        raise Unreadable("its answer is JSON, but no list of items")
    return Listing(items, _count(counts.get("total_items")), _count(counts.get("page_count")))


def _text(body: bytes) -> str:
    if body.lstrip()[:1] == b"<":
        raise Unreadable("a web page came instead of JSON; is base_url that of the tool's API?")
    # Bytes that are no UTF-8 survive this and come out again as they were.
    return body.decode("utf-8", "surrogateescape")


def _members(text: str) -> Iterator[tuple[str, int, object]]:
    """Give name, place of the value, and value of each member of the outermost object."""
    place = _next(text, 0)
    if text[place : place + 1] != "{":
        raise Unreadable("its answer is no JSON object")
    place = _next(text, place + 1)
    while text[place : place + 1] != "}":
        name, place = _value(text, place)
        place = _next(text, place)
        if text[place : place + 1] != ":" or not isinstance(name, str):
            raise Unreadable("its answer is broken JSON")
        start = _next(text, place + 1)
        value, place = _value(text, start)
        yield name, start, value
        place = _behind(text, place, "}")
    if _next(text, place + 1) != len(text):
        raise Unreadable("its answer goes on behind its end")


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Give where each element of the list that starts here begins and ends."""
    place = _next(text, start + 1)
    while text[place : place + 1] != "]":
        _, end = _value(text, place)
        yield place, end
        place = _behind(text, end, "]")


def _value(text: str, place: int) -> tuple[object, int]:
    try:
        return _JSON.raw_decode(text, place)
    except (ValueError, RecursionError):
        pass
    raise Unreadable("its answer is broken or cut JSON")


def _behind(text: str, place: int, closing: str) -> int:
    """Step over a comma; stay at the closing bracket."""
    place = _next(text, place)
    if text[place : place + 1] == ",":
        return _next(text, place + 1)
    if text[place : place + 1] == closing:
        return place
    raise Unreadable("its answer is broken or cut JSON")


def _next(text: str, place: int) -> int:
    while place < len(text) and text[place] in _BLANKS:
        place += 1
    return place


def _count(value: object) -> int | None:
    """Read a count that may come as text."""
    try:
        return int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
