"""The first rows of a file of answers, read the way a collect reads it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from flows.records import ConfigurationError
from flows.surveys.tables import Cells, Empty, Unreadable, opened

Rows = list[Cells]


def first_rows(path: Path, limit: int) -> Rows:
    """Give up to `limit` readable rows of a CSV, JSON lines, Parquet or Excel file.

    Raises ConfigurationError for a file that cannot be read.
    """
    try:
        table = opened(path)
        return list(islice((row.cells for row in table.rows if row.cells), limit))
    except Empty:
        return []
    except Unreadable as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be opened ({error.strerror}).") from None
