"""Arrow arrays made of Python values by hand.

`pyarrow.array` imports pandas, half a second and fifty megabytes in a process that has no use for it; and it
keeps the memory of memoryviews for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.warehouse.computed import naive

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


def texts(values: Sequence[str | bytes | None]) -> pa.Array:
    """Make an array of texts; raises ValueError (UnicodeError) for a `str` that is no Unicode.

    Bytes are taken as they are: only `validate(full=True)` tells whether they are UTF-8.
    """
    if values.count(None) == len(values):  # many columns are empty
        return pa.nulls(len(values), pa.large_string())
    parts = [value.encode() if isinstance(value, str) else value or b"" for value in values]
    ends = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=ends[1:])
    buffers = [_present(values), pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    return pa.Array.from_buffers(pa.large_string(), len(parts), buffers)


def numbers(values: Iterable[int] | npt.NDArray[Any]) -> pa.Array:
    """Make an array of whole numbers."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.int64)
    return pa.Array.from_buffers(pa.int64(), len(array), [None, pa.py_buffer(array)])


def decimals(values: Sequence[float | None]) -> pa.Array:
    """Make an array of numbers with a fraction."""
    array = np.array([0.0 if value is None else value for value in values], np.float64)
    return pa.Array.from_buffers(pa.float64(), len(array), [_present(values), pa.py_buffer(array)])


def moments(values: Sequence[datetime | None]) -> pa.Array:
    """Make an array of times in UTC, kept without a zone, to the microsecond."""
    array = np.array(
        [0 if value is None else (naive(value) - _EPOCH) // _MICROSECOND for value in values], np.int64
    )
    return pa.Array.from_buffers(pa.timestamp("us"), len(array), [_present(values), pa.py_buffer(array)])


def truths(values: Sequence[bool]) -> pa.Array:
    """Make an array of yes and no."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def _present(values: Sequence[object]) -> pa.Buffer | None:
    return _bits([value is not None for value in values]) if None in values else None


def _bits(values: Sequence[bool]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.array(values, bool), bitorder="little"))
