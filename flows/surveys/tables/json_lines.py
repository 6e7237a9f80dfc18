"""Rows of JSON lines: one object per line, its keys are the columns; numbers stay as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.surveys.tables.lines import encoding_in, lines_of
from flows.surveys.tables.rows import Cells, Empty, Row, Table, Unreadable


class _Number(str):
    """Hold a number as it was written; read as one, long ids would be rounded."""

    __slots__ = ()


class _Object(list[tuple[str, Any]]):
    """Hold an object's keys and values in their order, keys that stand there twice included."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object,
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=lambda name: None if name == "NaN" else _Number(name),
)


def opened(path: Path) -> Table:
    """Open a file of JSON lines; raises Unreadable for one that is empty or holds a single array."""
    lines = lines_of(path, encoding_in(path), newline="\n")
    numbered = enumerate(lines, 1)
    first = next(((place, line) for place, line in numbered if line.strip()), None)
    if first is None:
        raise Empty
    if first[1].lstrip().startswith("["):
        raise Unreadable("it is one JSON array; write one object per line instead")

    def rows() -> Iterator[Row]:
        yield _row(*first)
        for place, line in numbered:
            yield _row(place, line)

    return Table((), rows(), has_header=False)


def _row(place: int, line: str) -> Row:
    if not line.strip():
        return Row(place, {}, line)
    try:
        value = _DECODER.decode(line.strip())
    except json.JSONDecodeError as error:
        return Row(place, None, line, f"it is no JSON ({error.msg} at character {error.pos + 1})")
    except RecursionError:
        return Row(place, None, line, "it is nested too deeply")
    if not isinstance(value, _Object):
        return Row(place, None, line, "it is no JSON object")
    cells: Cells = {name.strip(): _text(part) for name, part in value}
    if len(cells) < len(value):
        return Row(place, None, line, "a key stands in it more than once")
    return Row(place, cells, line)


def _text(value: Any) -> str | None:
    """Give a value as the text of a cell; whole numbers lose the `.0` that tools write after them."""
    if isinstance(value, _Number):
        whole, dot, rest = value.partition(".")
        return whole if dot and not rest.strip("0") else str(value)
    return value if value is None or type(value) is str else _written(value)


def _written(value: Any) -> str:
    """Write a value as JSON again."""
    if isinstance(value, _Object):
        return "{" + ",".join(f"{_written(name)}:{_written(part)}" for name, part in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
