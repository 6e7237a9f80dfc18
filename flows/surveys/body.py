"""The bytes of an answer: whole, unpacked here, and never more than was agreed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

_STEP = 1 << 20


class Unreadable(ValueError):
    """Say what is wrong with an answer that may come whole when it is asked for again."""


class TooLarge(Exception):
    """Stop at an answer that is longer than the limit, packed or not."""


def read_body(raw: Any, coding: str, largest: int, is_late: Callable[[], bool]) -> bytes:
    """Read urllib3's response to its end; raises Unreadable when cut, packed wrongly or late, or TooLarge."""
    return b"".join(_pieces(raw, coding, largest, is_late))


def save_body(raw: Any, coding: str, file: BinaryIO, largest: int, is_late: Callable[[], bool]) -> None:
    """Put urllib3's response into a file, from its beginning, in little memory; raises alike."""
    file.seek(0)
    file.truncate()
    for piece in _pieces(raw, coding, largest, is_late):
        file.write(piece)
    file.flush()


def _pieces(raw: Any, coding: str, largest: int, is_late: Callable[[], bool]) -> Iterator[bytes]:
    """Give what an answer says, piece by piece.

    Unpacked by hand: urllib3 takes gzip that was cut short for whole, and unpacks any bomb to its end.
    """
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise Unreadable("it answers in a packing that was not asked for")
    packed = zlib.decompressobj(31) if coding.endswith("gzip") else None
    left = largest
    while chunk := raw.read(_STEP, decode_content=False):
        piece = chunk
        if packed is not None:
            piece, packed = _unpack(packed, chunk, left)
        left -= len(piece)
        if left < 0:
            raise TooLarge
        if is_late():
            raise Unreadable("it does not come to an end")
        yield piece
    if packed is not None and not packed.eof:
        raise Unreadable("its packed answer was cut short")


def _unpack(packed: Any, chunk: bytes, largest: int) -> tuple[bytes, Any]:
    """Unpack a chunk, and give what unpacks the next; one more byte than allowed is enough to know."""
    body = bytearray()
    while chunk:
        if packed.eof:  # packed parts may follow one another
            packed = zlib.decompressobj(31)
        body += packed.decompress(chunk, largest + 1 - len(body))
        if len(body) > largest:
            break
        chunk = packed.unused_data
    return bytes(body), packed
