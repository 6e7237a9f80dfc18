"""What bytes and lines of a table that a person saved mean: encoding, separator, Excel's hint."""

from __future__ import annotations

import codecs

DELIMITERS = (",", ";", "\t")
_HINTS = {f"sep={mark}": mark for mark in DELIMITERS}


def encoding_of(head: bytes) -> tuple[str, int]:
    """Give the encoding that the first bytes of a file speak for, and how many of them are its mark.

    UTF-8 is what is left when nothing speaks: whether all of the file is, only all of it tells.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8", 3
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    even, odd = head[0:4:2], head[1:4:2]
    if odd and not odd.strip(b"\0") and even.strip(b"\0"):
        return "utf-16-le", 0
    if even and not even.strip(b"\0") and odd.strip(b"\0"):
        return "utf-16-be", 0
    return "utf-8", 0


def delimiter_of(header: str) -> str:
    """Give the separator that a header line uses most often outside quotes; a comma where there is none."""
    bare = "".join(part for index, part in enumerate(header.split('"')) if index % 2 == 0)
    return max(DELIMITERS, key=lambda mark: (bare.count(mark), mark == ","))


def hint_in(line: str) -> str | None:
    """Give the separator that Excel's `sep=;` line names, empty where it names none; None for other lines."""
    bare = line.strip('\r\n "').lower()
    return "" if bare == "sep=" else _HINTS.get(bare)
