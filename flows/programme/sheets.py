"""How a programme file becomes rows of text: as editors and Excel save them, with the line of every row.

Understood: UTF-8 with or without BOM, UTF-16, Windows-1252; commas, semicolons or tabs; `sep=;` as a first
line; blank lines and columns; line ends of every kind, also inside quotes.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from flows.records import Fault
from flows.texts import delimiter_of, encoding_of, hint_in

# Playbooks and comments are longer than the module's own limit of 131,072 characters.
csv.field_size_limit(2**31 - 1)


@dataclass(slots=True)
class Sheet:
    """Hold a file's header and rows; `lines` are those on which the rows begin, counted from 1."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def decode(content: bytes) -> str:
    """Read bytes as the text they most likely are; Windows-1252 is what Excel's plain CSV holds."""
    encoding, mark = encoding_of(content[:4])
    if mark or encoding != "utf-8":
        return content[mark:].decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_sheet(path: Path, file: str) -> Sheet:
    """Read one file; a file that is missing is an empty sheet, one that cannot be read is a fault."""
    try:
        text = decode(path.read_bytes())
    except FileNotFoundError:
        return Sheet()
    except OSError as error:
        return Sheet(
            faults=[Fault(file, f"the file cannot be read ({error.strerror}).", mend="Mend its rights.")]
        )
    return parse(text, file)


def parse(text: str, file: str) -> Sheet:
    """Split text into header and rows; blank rows are left out, a row with too many cells is a fault."""
    sheet = Sheet()
    skipped, text = _without_hint(text)
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(first), strict=True)
    begins = skipped + 1
    try:
        for cells in reader:
            _take(sheet, [cell.strip() for cell in cells], begins, file)
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        sheet.faults.append(_unreadable(file, begins, error))
    return sheet


def _without_hint(text: str) -> tuple[int, str]:
    """Drop Excel's `sep=;` line; gives the number of lines dropped."""
    first, _, rest = text.partition("\n")
    return (0, text) if hint_in(first) is None else (1, rest)


def _take(sheet: Sheet, cells: list[str], line: int, file: str) -> None:
    if not any(cells):
        return
    if not sheet.header:
        sheet.header = cells
        sheet.faults.extend(_twice(sheet.header, line, file))
        return
    width = len(sheet.header)
    if any(cells[width:]):
        message = f"the row has {len(cells)} cells, the header {width}."
        mend = "Put text that holds a separator into double quotes."
        sheet.faults.append(Fault(file, message, line, mend=mend))
    sheet.rows.append((cells + [""] * width)[:width])
    sheet.lines.append(line)


def _twice(header: list[str], line: int, file: str) -> list[Fault]:
    small = [name.lower() for name in header]
    doubled = {name for name in small if name and small.count(name) > 1}
    mend = "Keep one of the two columns."
    return [Fault(file, "the column stands there twice.", line, name, mend) for name in sorted(doubled)]


def _unreadable(file: str, line: int, error: csv.Error) -> Fault:
    if "unexpected end of data" in str(error):
        return Fault(file, "a double quote is opened and never closed.", line, mend="Close it, or remove it.")
    if "expected after" in str(error):
        message, mend = "text follows a closing double quote.", "Write a double quote inside a cell twice."
        return Fault(file, message, line, mend=mend)
    return Fault(file, f"the row cannot be read ({error}).", line, mend="Save the file as CSV again.")
