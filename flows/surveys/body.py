"""The bytes of an answer: whole, unpacked here, and never more than was agreed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

_STEP = 65536


class Unreadable(ValueError):
    """Say what is wrong with an answer that may come whole when it is asked for again."""


class TooLarge(Exception):
    """Stop at an answer that is longer than the limit, packed or not."""


def read_body(raw: Any, coding: str, largest: int, is_late: Callable[[], bool]) -> bytes:
    """Read urllib3's response to its end; raises Unreadable when cut, packed wrongly or late, or TooLarge.

    Unpacked by hand: urllib3 takes gzip that was cut short for whole, and unpacks any bomb to its end.
    """
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise Unreadable("it answers in a packing that was not asked for")
    packed = zlib.decompressobj(31) if coding.endswith("gzip") else None
    body = bytearray()
    while chunk := raw.read1(_STEP, decode_content=False):
        if packed is None:
            body += chunk
        else:
            packed = _unpack(packed, chunk, body, largest)
        if len(body) > largest:
            raise TooLarge
        if is_late():
            raise Unreadable("it does not come to an end")
    if packed is not None and not packed.eof:
        raise Unreadable("its packed answer was cut short")
    return bytes(body)


def _unpack(packed: Any, chunk: bytes, body: bytearray, largest: int) -> Any:
    """Unpack a chunk to the end of `body`; one more byte than allowed is enough to know."""
    while chunk:
        if packed.eof:  # packed parts may follow one another
            packed = zlib.decompressobj(31)
        body += packed.decompress(chunk, largest + 1 - len(body))
        if len(body) > largest:
            break
        chunk = packed.unused_data
    return packed
