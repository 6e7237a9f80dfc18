"""One record as a tool told it: taken apart, or why that cannot be, and what tells its versions apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from flows.surveys.listings import REFUSALS
from flows.surveys.templates import Unfit

_DECODER = msgspec.json.Decoder()
_SORTED = msgspec.json.Encoder(order="sorted")


def object_of(raw: bytes) -> dict[str, Any]:
    """Take a JSON object apart; raises Unfit with the reason for what is none."""
    try:
        item = _DECODER.decode(raw)
    except REFUSALS:
        fault = _fault(raw)
    else:
        if isinstance(item, dict):
            return item
        fault = "it is no JSON object"
    raise Unfit(fault)


def in_any_order(parts: Sequence[Any]) -> msgspec.Raw:
    """Write a list whose order says nothing, for `hash_of`: in one order, whichever it came in."""
    # A line each, as no line breaks stand in JSON written so; they are spliced in as they are.
    lines = sorted(_SORTED.encode_lines(parts).splitlines())
    return msgspec.Raw(b"[" + b",".join(lines) + b"]")


def hash_of(told: Any) -> str:
    """Give 32 hexadecimal digits of what was told; the order of keys does not change them.

    Raises RecursionError for what is nested too deeply.
    """
    return hashlib.sha256(_SORTED.encode(told)).hexdigest()[:32]


def _fault(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "it holds bytes that are no UTF-8"
    if b"\\ud" in raw.lower():
        return "it holds half a sign (a lone surrogate), such as one half of an emoji"
    return "it is no valid JSON"
