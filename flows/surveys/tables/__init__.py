"""Files of rows, whatever kind of file it is: every cell as text, what cannot be read with its place.

Nothing is guessed from a sample: a file is text first, and a row that is broken costs nothing but itself.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flows.surveys.tables.rows import Cells, Empty, Row, Table, Unreadable

_READERS = {
    ".json": "json_lines",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".parquet": "parquet_rows",
    **dict.fromkeys((".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"), "excel_rows"),
}

__all__ = ["Cells", "Empty", "Row", "Table", "Unreadable", "opened"]


def opened(path: Path) -> Table:
    """Open a file of rows; its rows are read one after another as they are asked for.

    Raises Unreadable when nothing of it can be read, OSError when it cannot be opened.
    """
    reader = import_module(f"{__name__}.{_READERS.get(path.suffix.lower(), 'csv_rows')}")
    table: Table = reader.opened(path)
    return table
