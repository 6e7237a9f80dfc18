"""Whether two versions of a record say the same, where their hashes stand for bytes and differ.

Such a hash costs a fortieth of one of what the bytes say, and is nearly always enough: an answer comes once,
or again just as it was. Where it is not, both are read.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from flows.warehouse.arrays import hashes
from flows.warehouse.columns import Columns
from flows.warehouse.known import Known
from flows.warehouse.memory import Numbers

# Gives what is equal for payloads that say the same.
Says = Callable[[bytes], object]


def is_alike(columns: Columns, before: int, after: int, says: Says | None) -> bool:
    """Tell whether two rows with one key are one version: by their hashes, else by what they say."""
    if columns["content_hash"][before] == columns["content_hash"][after]:
        return True
    if says is None:
        return False
    beside = (column for name, column in columns.items() if name not in ("content_hash", "payload"))
    if any(column[before] != column[after] for column in beside):
        return False
    return says(columns["payload"][before]) == says(columns["payload"][after])


def said_again(known: Known, told: pa.Table, newest: Numbers, says: Says) -> Numbers:
    """Tell of each row whether it says what the version says that is stored of it with this hash."""
    is_same = np.zeros(len(told), bool)
    payloads = told["payload"]
    for place, stored in known.alike(told.append_column("newest", hashes(newest))).items():
        is_same[place] = says(stored) == says(payloads[place].as_py().encode())
    return is_same
