"""The lines of a text file in whatever encoding it was saved, one after another, each as it stood there.

Understood: UTF-8 with or without mark, UTF-16, and what is neither as Windows-1252, line by line: files that
two systems append to hold both. Bytes that are no text become lone surrogates, which no text holds.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flows.surveys.tables.rows import Unreadable
from flows.texts import encoding_of

_CHUNK = 1 << 20
# A longer line is given in pieces: no line of a table is that long, and memory stays flat.
LONGEST_LINE = 20_000_000
_OTHERS = {
    b"PK\x03\x04": "an Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
}
_KEPT = "heardback_kept"


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Put a lone surrogate where bytes are no UTF-16."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(_KEPT, _keep)


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name an encoding, the length of the mark before it, and whether all bytes of the file fit it.

    `is_mixed`: lines that are no UTF-8 are Windows-1252.
    """

    name: str
    mark: int
    is_clean: bool = True
    is_mixed: bool = False


def encoding_in(path: Path) -> Encoding:
    """Find a file's encoding by reading all of it; raises Unreadable for what begins like no text at all."""
    with path.open("rb") as file:
        head = file.read(4)
        for magic, what in _OTHERS.items():
            if head.startswith(magic):
                raise Unreadable(f"it is {what}, not text; give it the ending of its kind")
        name, mark = encoding_of(head)
        if name != "utf-8":
            return Encoding(name, mark, is_clean=False)
        file.seek(mark)
        if _is_utf8(file):
            return Encoding(name, mark)
        file.seek(mark)
        return Encoding(name, mark, is_clean=False, is_mixed=mark == 0 and not _is_mostly_utf8(file))


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(file: BinaryIO) -> bool:
    """Tell whether of the lines that are not plain ASCII more are UTF-8 than not."""
    balance = 0
    for line in iter(lambda: file.readline(LONGEST_LINE), b""):
        if not line.isascii():
            try:
                line.decode("utf-8")
                balance += 1
            except UnicodeDecodeError:
                balance -= 1
    return balance > 0


def lines_of(path: Path, encoding: Encoding, newline: str = "") -> Iterator[str]:
    """Give a file's lines with their ends (LF, CR, CRLF, or LF alone with newline="\\n")."""
    errors = "surrogateescape" if encoding.name == "utf-8" else _KEPT
    with path.open("rb") as file:
        file.seek(encoding.mark)
        text = io.TextIOWrapper(file, encoding=encoding.name, errors=errors, newline=newline)
        lines = iter(lambda: text.readline(LONGEST_LINE), "")
        yield from (_mended(line) for line in lines) if encoding.is_mixed else lines


def _mended(line: str) -> str:
    """Read a line that is no UTF-8 as Windows-1252; the five bytes that mean nothing there stay."""
    if not is_broken(line):
        return line
    return line.encode("utf-8", "surrogateescape").decode("cp1252", "surrogateescape")


def is_broken(line: str) -> bool:
    """Tell whether bytes that are no text stand in a line."""
    if line.isascii():
        return False
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def as_bytes(text: bytes | str) -> bytes:
    """Give a line's bytes, where it is broken those of the file."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
