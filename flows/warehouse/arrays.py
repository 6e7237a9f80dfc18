"""Arrow arrays made of Python values by hand, and read by hand.

`pyarrow.array`, `scalar` of a list, and `to_numpy` import pandas: a fifth of a second and thirty megabytes in
a process that has no use for it. The first keeps the memory of memoryviews for ever, too.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = timedelta()


def texts(values: Sequence[str | bytes | None]) -> pa.Array:
    """Make an array of texts; raises ValueError (UnicodeError) for a `str` that is no Unicode.

    Bytes are taken as they are: only `validate(full=True)` tells whether they are UTF-8.
    """
    if not values or values.count(values[0]) == len(values):  # many columns are empty, or say one thing
        return _repeated(values[0] if values else None, len(values))
    parts, joined = _joined(values)
    ends = np.zeros(len(values) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(values)), out=ends[1:])
    buffers = [_present(values), pa.py_buffer(ends), pa.py_buffer(joined)]
    return pa.Array.from_buffers(pa.large_string(), len(values), buffers)


def _repeated(value: str | bytes | None, count: int) -> pa.Array:
    if value is None:
        return _nothing(count, pa.large_string())
    written = value.encode() if isinstance(value, str) else value
    ends = np.arange(count + 1, dtype=np.int64) * len(written)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(written * count)]
    return pa.Array.from_buffers(pa.large_string(), count, buffers)


@lru_cache(maxsize=16)
def _nothing(count: int, kind: pa.DataType) -> pa.Array:
    """Make an array of nothing, once for all columns and pages that need one."""
    return pa.nulls(count, kind)


def _joined(values: Sequence[str | bytes | None]) -> tuple[Sequence[str | bytes], bytes]:
    """Write values one behind the other; gives parts with as many bytes as each value, too."""
    with contextlib.suppress(TypeError):  # other than bytes is among them
        return values, b"".join(values)  # type: ignore[return-value, arg-type]
    with contextlib.suppress(TypeError):  # other than text is among them
        text = "".join(values)  # type: ignore[arg-type]
        if text.isascii():  # a sign is a byte, as in ids and hashes
            return values, text.encode()  # type: ignore[return-value]
    parts = [value.encode() if isinstance(value, str) else value or b"" for value in values]
    return parts, b"".join(parts)


def numbers(values: Iterable[int] | npt.NDArray[Any]) -> pa.Array:
    """Make an array of whole numbers."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.int64)
    return pa.Array.from_buffers(pa.int64(), len(array), [None, pa.py_buffer(array)])


def hashes(values: Sequence[int] | npt.NDArray[Any]) -> pa.Array:
    """Make an array of 64 bits each."""
    return pa.Array.from_buffers(
        pa.uint64(), len(values), [None, pa.py_buffer(np.asarray(values, np.uint64))]
    )


def hash_values(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """Read a column of 64 bits each."""
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    read = [np.frombuffer(part.buffers()[1], np.uint64, len(part), part.offset * 8) for part in parts]
    return np.concatenate([np.zeros(0, np.uint64), *read])


def rows_at(table: pa.Table, places: npt.NDArray[Any]) -> pa.Table:
    """Give the rows of these places, in the order of the table; all of them cost nothing.

    `take` would put all pieces of a table into one first.
    """
    if len(places) == len(table):
        return table
    is_wanted = np.zeros(len(table), bool)
    is_wanted[places] = True
    return table.filter(truths(is_wanted))


def decimals(values: Sequence[float | None]) -> pa.Array:
    """Make an array of numbers with a fraction."""
    if values.count(None) == len(values):
        return _nothing(len(values), pa.float64())
    array = np.array([0.0 if value is None else value for value in values], np.float64)
    return pa.Array.from_buffers(pa.float64(), len(array), [_present(values), pa.py_buffer(array)])


def moments(values: Sequence[datetime | None]) -> pa.Array:
    """Make an array of aware times, kept in UTC without a zone, to the microsecond."""
    since = [_NOTHING if value is None else value - _EPOCH for value in values]
    days, seconds, rest = (
        np.fromiter(map(attrgetter(part), since), np.int64, len(since))
        for part in ("days", "seconds", "microseconds")
    )
    array = (days * 86_400 + seconds) * 1_000_000 + rest
    return pa.Array.from_buffers(pa.timestamp("us"), len(array), [_present(values), pa.py_buffer(array)])


def truths(values: Sequence[bool] | npt.NDArray[Any]) -> pa.Array:
    """Make an array of yes and no."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def truth_values(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Read a column of yes and no."""
    read = [_read_bits(part.buffers()[1], part.offset, len(part)) for part in column.chunks if len(part)]
    return np.concatenate([np.zeros(0, bool), *read])


def _read_bits(buffer: pa.Buffer, offset: int, count: int) -> npt.NDArray[Any]:
    packed = np.frombuffer(buffer, np.uint8)
    return np.unpackbits(packed, count=offset + count, bitorder="little")[offset:].astype(bool)


def _present(values: Sequence[object]) -> pa.Buffer | None:
    return _bits([value is not None for value in values]) if None in values else None


def _bits(values: Sequence[bool] | npt.NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.array(values, bool), bitorder="little"))
