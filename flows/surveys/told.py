"""One record as a tool told it: taken apart, or why that cannot be, and what tells its versions apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from flows.surveys.listings import REFUSALS
from flows.surveys.templates import Unfit

NO_OBJECT = "it is no JSON object"
_DECODER = msgspec.json.Decoder()
_SORTED = msgspec.json.Encoder(order="sorted")


def object_of(raw: bytes) -> dict[str, Any]:
    """Take a JSON object apart; raises Unfit with the reason for what is none."""
    try:
        item = _DECODER.decode(raw)
    except REFUSALS:
        fault = fault_of(raw)
    else:
        if isinstance(item, dict):
            return item
        fault = NO_OBJECT
    raise Unfit(fault)


def in_any_order(parts: Sequence[Any]) -> msgspec.Raw:
    """Write a list whose order says nothing, for `hash_of`: in one order, whichever it came in."""
    # A line each, as no line breaks stand in JSON written so; they are spliced in as they are.
    lines = sorted(_SORTED.encode_lines(parts).splitlines())
    return msgspec.Raw(b"[" + b",".join(lines) + b"]")


def in_order(told: Any) -> bytes:
    """Write what was told in one order of keys; raises RecursionError for what is nested too deeply."""
    return _SORTED.encode(told)


def hash_of(told: Any) -> int:
    """Give 64 bits that stand for what was told, whatever the order of keys; raises as `in_order` does."""
    return hash_of_bytes(in_order(told))


def hash_of_bytes(told: bytes) -> int:
    """Give 64 bits that stand for what was told, to the byte."""
    return int.from_bytes(hashlib.sha256(told).digest()[:8])


def name_of(told: Any) -> str:
    """Name what was told by 32 hexadecimal digits: an id for what has none."""
    return hashlib.sha256(in_order(told)).hexdigest()[:32]


def fault_of(raw: bytes) -> str:
    """Say why bytes could not be taken apart as a JSON object."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "it holds bytes that are no UTF-8"
    if b"\\ud" in raw.lower():
        return "it holds half a sign (a lone surrogate), such as one half of an emoji"
    try:
        _DECODER.decode(raw)
    except REFUSALS:
        return "it is no valid JSON"
    return NO_OBJECT
