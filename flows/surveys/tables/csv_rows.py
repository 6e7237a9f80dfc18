"""Rows of CSV as tools, tills and Excel save it: commas, semicolons or tabs, line ends of every kind.

A record that is broken is given with its first line alone, and reading goes on with the next line: an open
quote must not swallow what stands below it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from flows.surveys.tables.lines import LONGEST_LINE, encoding_in, is_broken, lines_of
from flows.surveys.tables.rows import Cells, Empty, Row, Table, Unreadable, named
from flows.texts import delimiter_of, hint_in

# The module's own limit is 131,072 characters; comments are longer than that.
csv.field_size_limit(2**31 - 1)
_REASONS = {
    "unexpected end": "a double quote is opened and never closed",
    "expected after": "text follows a closing double quote; a double quote inside a cell is written twice",
}
_NO_TEXT = "it holds bytes that are no text in the encoding of the file"
_TOO_LONG = f"it is longer than {LONGEST_LINE:,} characters"


class _Lines:
    """Give lines one after another, and again those that were given back; `number` is that of the last."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: list[str] = []
        self.number = 0

    def take(self) -> str:
        """Give the next line; an empty text after the last."""
        line = self._waiting.pop() if self._waiting else next(self._lines, "")
        self.number += bool(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Take lines back that were given last."""
        self._waiting.extend(reversed(lines))
        self.number -= len(lines)


def opened(path: Path) -> Table:
    """Open a CSV file; its first record that is not blank is the header.

    Raises Unreadable for a file without one, with two columns of one name, or of another kind.
    """
    encoding = encoding_in(path)
    lines = _Lines(lines_of(path, encoding))
    header, delimiter = _header(lines)
    rows = _rows(lines, named(header), delimiter, _width(header), check=not encoding.is_clean)
    return Table(named(header), rows)


def _header(lines: _Lines) -> tuple[list[str], str]:
    """Read up to and with the header; gives its cells and the separator."""
    hint = None
    while line := lines.take():
        if hint is None and lines.number == 1 and (hint := hint_in(line)) is not None:
            continue
        delimiter = hint or delimiter_of(line)
        if not line.replace(delimiter, "").strip():
            continue
        place = lines.number
        cells, _, reason = _record(line, lines, delimiter)
        if cells is None or is_broken("".join(cells)):
            raise Unreadable(f"its header, line {place}, cannot be read: {reason or _NO_TEXT}")
        return cells, delimiter
    raise Empty


def _width(header: list[str]) -> int:
    """Give the number of cells a row must have: up to the last column that has a name."""
    return max(place for place, name in enumerate(header, 1) if name.strip())


def _rows(lines: _Lines, names: tuple[str, ...], delimiter: str, least: int, *, check: bool) -> Iterator[Row]:
    most = len(names)
    while line := lines.take():
        place = lines.number
        if len(line) >= LONGEST_LINE:
            yield from _pieces(line, lines)
            continue
        more: list[str] = []
        if '"' in line:
            cells, more, reason = _record(line, lines, delimiter, most)
        else:
            cells, reason = line.rstrip("\r\n").split(delimiter), ""
        text = line + "".join(more) if more else line
        if cells is None:
            yield Row(place, None, text, reason)
        elif not any(map(str.strip, cells)):
            yield Row(place, {}, text)
        elif len(cells) < least or (len(cells) > most and any(map(str.strip, cells[most:]))):
            yield Row(place, None, text, _miscounted(len(cells), most))
        elif check and is_broken("".join(cells)):
            yield Row(place, None, text, _NO_TEXT)
        else:
            filled: Cells = dict(zip(names, cells, strict=False))
            yield Row(place, filled, text)


def _record(
    line: str, lines: _Lines, delimiter: str, width: int = 0
) -> tuple[list[str] | None, list[str], str]:
    """Read one record that may go on over several lines; gives cells, the further lines, and a reason.

    Of a record that is broken only the first line is taken.
    """
    more: list[str] = []
    try:
        cells = next(csv.reader(_pulled(line, lines, more), delimiter=delimiter, strict=True))
    except csv.Error as error:
        reason = next((said for part, said in _REASONS.items() if part in str(error)), str(error))
    else:
        if not _swallowed(more, delimiter, width):
            return cells, more, ""
        reason = _REASONS["unexpected end"]
    lines.give_back(more)
    return None, [], reason


def _swallowed(more: list[str], delimiter: str, width: int) -> bool:
    """Tell whether a cell holds whole rows: lines that all have as many separators as the header.

    Text of several lines does not look so; a quote that was left open and met another far below does.
    """
    found = [line.count(delimiter) for line in more[:-1] if '"' not in line]
    return sum(found) >= 3 and all(count == width - 1 for count in found)


def _pulled(line: str, lines: _Lines, more: list[str]) -> Iterator[str]:
    """Give a record's lines as long as it asks for them, up to what memory bears."""
    yield line
    length = len(line)
    while length < LONGEST_LINE and (line := lines.take()):
        length += len(line)
        more.append(line)
        yield line


def _pieces(line: str, lines: _Lines) -> Iterator[Row]:
    """Give a line that is far too long in pieces, all of them broken."""
    number = lines.number
    while line:
        yield Row(number, None, line, _TOO_LONG)
        if line.endswith(("\n", "\r")):
            return
        line = lines.take()
        lines.number = number


def _miscounted(count: int, most: int) -> str:
    cells = "1 cell" if count == 1 else f"{count} cells"
    mend = "text that holds a separator belongs into double quotes" if count > most else "it was cut short"
    return f"it has {cells} where the header has {most}; {mend}"
