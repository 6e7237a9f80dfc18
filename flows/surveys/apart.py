"""The bytes of a page, taken apart; each item stays exactly as it came.

msgspec does it in a tenth of the time, and refuses a whole page for half an emoji in one comment: such a page
is taken apart with the standard library, so that one bad item does not keep its neighbours out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from flows.surveys.body import Unreadable

BOM = b"\xef\xbb\xbf"
REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_BLANKS = " \t\r\n"
# Lenient where that costs nothing: what stands in the items is judged item by item.
_JSON = json.JSONDecoder(strict=False, parse_int=float)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw] | None)


@dataclass(frozen=True, slots=True)
class Listed:
    """Carry the items of one page as they came, and what stands beside the list."""

    items: list[bytes]
    beside: dict[str, object]


def listed(body: bytes, name: str) -> Listed:
    """Take a page apart whose items stand in its member `name`; raises Unreadable for what is none."""
    body = body.removeprefix(BOM)
    try:
        found = _MEMBERS.decode(body)
        items = [bytes(item) for item in _ITEMS.decode(found.pop(name)) or ()]
        return Listed(items, {key: msgspec.json.decode(value) for key, value in found.items()})
    except (*REFUSALS, KeyError):
        return _slowly(body, name)


def _slowly(body: bytes, name: str) -> Listed:
    text = text_of_body(body)
    items: list[bytes] | None = None
    beside: dict[str, object] = {}
    for member, start, value in members(text):
        if member != name:
            beside[member] = value
        elif value is None:
            items = []
        elif isinstance(value, list):
            items = [text[a:b].encode("utf-8", "surrogateescape") for a, b in elements(text, start)]
    if items is None:
        raise Unreadable(f"its answer is JSON, but no list of {name}")
    return Listed(items, beside)


def text_of_body(body: bytes) -> str:
    """Give a body as text that can be turned into the same bytes again; raises Unreadable for a web page."""
    if body.lstrip()[:1] == b"<":
        raise Unreadable("a web page came instead of JSON; is base_url that of the tool's API?")
    # Bytes that are no UTF-8 survive this and come out again as they were.
    return body.decode("utf-8", "surrogateescape")


def members(text: str) -> Iterator[tuple[str, int, object]]:
    """Give name, place of the value, and value of each member of the outermost object; raises Unreadable."""
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


def elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Give where each element of the list that starts here begins and ends; raises Unreadable."""
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
