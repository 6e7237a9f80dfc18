"""The bytes of a page of records in JSON, taken apart; each record stays exactly as it came.

msgspec is fast and strict: it refuses a whole page for half an emoji in one comment. Such a page is taken
apart by the standard library, so that one bad record does not keep its neighbours out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from flows.surveys.body import Unreadable

_BOM = b"\xef\xbb\xbf"
_BLANKS = " \t\r\n"
# Lenient where that costs nothing: what stands in the records is judged record by record.
_JSON = json.JSONDecoder(strict=False, parse_int=float)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def items_of(body: bytes, name: str) -> list[bytes]:
    """Give the items of the list that a page holds under a name; raises Unreadable where there is none."""
    body = without_mark(body)
    try:
        return [bytes(item) for item in _LIST.decode(_MEMBERS.decode(body)[name])]
    except (*REFUSALS, KeyError):
        return apart(body, name)[0]


@dataclass(frozen=True, slots=True)
class Listed:
    """Carry the items of one page as they came, and what stands beside their list."""

    items: list[bytes]
    beside: dict[str, object]


def listed(body: bytes, name: str) -> Listed:
    """Take a page apart as `items_of` does, with its other members; an empty list may be null."""
    body = without_mark(body)
    try:
        members = _MEMBERS.decode(body)
        items = [bytes(item) for item in _LIST.decode(members.pop(name))]
        return Listed(items, {key: msgspec.json.decode(value) for key, value in members.items()})
    except (*REFUSALS, KeyError):
        return Listed(*apart(body, name))


def json_object(body: bytes) -> bytes:
    """Give a body that is a JSON object as it came; raises Unreadable for anything else."""
    body = without_mark(body)
    for _ in _members(_text(body)):
        pass
    return body


def without_mark(body: bytes) -> bytes:
    """Drop the mark of its encoding that a body may begin with."""
    return body.removeprefix(_BOM)


def apart(body: bytes, name: str) -> tuple[list[bytes], dict[str, object]]:
    """Take a page apart however odd its text is: the items under a name, and its other members."""
    text = _text(body)
    items: list[bytes] | None = None
    others: dict[str, object] = {}
    for member, start, value in _members(text):
        if member != name:
            others[member] = value
        elif value is None:
            items = []
        elif isinstance(value, list):
            items = [text[a:b].encode("utf-8", "surrogateescape") for a, b in _elements(text, start)]
    if items is None:
        raise Unreadable(f"its answer is JSON, but no list of {name}")
    return items, others


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
