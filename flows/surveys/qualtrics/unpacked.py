"""The file of an export, unpacked line by line within limits, however large, in the memory of one line.

It is a ZIP with one member (its name is the survey's and is not looked at), or plain where the tool did not
pack it; in it one response a line, or one document with all of them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from flows.surveys.body import Unreadable
from flows.surveys.listings import items_of, without_mark

LARGEST = 2_000_000_000  # bytes, packed and unpacked; the tool makes no file above 1.8 GB
LONGEST = 64 * 1024 * 1024  # bytes of one response
KEPT = 1024 * 1024  # bytes of a longer one
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Line:
    """Carry one response as it came; of one that is too long, its beginning."""

    raw: bytes
    is_whole: bool = True


class _Lines(Protocol):
    def readline(self, limit: int, /) -> bytes: ...


def check_file(file: BinaryIO) -> None:
    """Look whether a file is whole as far as its ends tell; raises Unreadable where it is not."""
    file.seek(0)
    begin = file.read(4)
    if begin[:2] == b"PK":
        try:
            with zipfile.ZipFile(file) as archive:
                if not archive.infolist():
                    raise Unreadable("its file is packed, but nothing is in it")
        except _FAULTS:
            raise Unreadable("its packed file is damaged or cut short") from None
    elif without_mark(begin).lstrip()[:1] not in (b"{", b""):
        raise Unreadable("its file is neither packed nor JSON")


def lines_of(file: BinaryIO, largest: int = LARGEST, longest: int = LONGEST) -> Iterator[Line]:
    """Give the responses of a file; raises Unreadable for damage and for more than `largest` bytes."""
    file.seek(0)
    is_packed = file.read(2) == b"PK"
    file.seek(0)
    try:
        if not is_packed:
            yield from _lines(file, largest, longest)
            return
        with zipfile.ZipFile(file) as archive, archive.open(archive.infolist()[0]) as inner:
            # A second buffer finds line ends many times as fast as the archive's own.
            buffered: _Lines = io.BufferedReader(inner, 65536)  # type: ignore[type-var]
            yield from _lines(buffered, largest, longest)
    except _FAULTS:
        raise Unreadable("its packed file is damaged") from None


def _lines(inner: _Lines, largest: int, longest: int) -> Iterator[Line]:
    left = largest
    is_first = True
    while raw := inner.readline(longest + 1):
        left -= len(raw)
        whole = len(raw) <= longest
        if is_first and without_mark(raw).strip():
            raw, is_first = without_mark(raw), False
            if _begins_document(raw):
                yield from _document(inner, raw, longest)
                return
        if not whole and not raw.endswith(b"\n"):
            left -= _skip(inner, longest, left)
        if left < 0:
            raise Unreadable(f"its file unpacks to more than {largest:,} bytes")
        if whole and raw.strip():
            yield Line(raw.strip())
        elif not whole:
            yield Line(raw[:KEPT], is_whole=False)


def _begins_document(raw: bytes) -> bool:
    """Tell whether this is the beginning of one document with all responses, not one response."""
    begin = raw[:200].translate(None, b" \t\r\n")
    return begin in (b"{", b"") or begin.startswith(b'{"responses":')


def _document(inner: _Lines, begin: bytes, longest: int) -> Iterator[Line]:
    """Read a document at once, as it has no lines to be read by; only a small survey's fits."""
    body = bytearray(begin)
    while len(body) <= longest and (more := inner.readline(longest + 1 - len(body))):
        body += more
    if len(body) > longest:
        raise Unreadable(f"its file is one document of more than {longest:,} bytes")
    yield from map(Line, items_of(bytes(body), "responses"))


def _skip(inner: _Lines, longest: int, left: int) -> int:
    """Read on to the end of a line that is too long; give how many bytes that took."""
    skipped = 0
    while skipped <= left and (more := inner.readline(longest + 1)):
        skipped += len(more)
        if more.endswith(b"\n"):
            break
    return skipped
