"""What a file of rows gives: a header where the kind of file has one, and rows of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Cells = dict[str, str | None]


class Unreadable(Exception):
    """Say in one sentence why nothing of a file can be read, without naming the file."""


class Empty(Unreadable):
    """Say that a file holds nothing at all, which is no fault of anybody."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__("it is empty")


class Row(NamedTuple):
    """Hold one row: where it stands, counted from 1, its cells, and its text as it stood there.

    `cells` is None for what cannot be read, `reason` then says why; it is empty for a blank row.
    """

    place: int
    cells: Cells | None
    text: bytes | str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the columns' names, without blanks around (none where every row names its own), and the rows.

    `unit` says what a row's place counts: lines or rows.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    unit: str = "line"
    has_header: bool = True


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """Make columns' names of a header: blanks around are dropped, what has no name is called by its place.

    Raises Unreadable when two columns have the same name.
    """
    names = [cell.strip() for cell in cells]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        listed = ", ".join(f"'{name}'" for name in doubled)
        verb = "stands" if len(doubled) == 1 else "stand"
        raise Unreadable(f"the column {listed} {verb} there more than once; give each a name of its own")
    taken = set(names)
    for place, name in enumerate(names, 1):
        if not name:
            names[place - 1] = _free(f"column {place}", taken)
    return tuple(names)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name
