"""Rows of a Parquet file, batch by batch; times in ISO 8601."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from flows.surveys.tables.rows import Row, Table, Unreadable, named
from flows.surveys.tables.values import text_of

_BATCH = 2_000


def opened(path: Path) -> Table:
    """Open a Parquet file; raises Unreadable for what is none, and for two columns of one name."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"it cannot be read as Parquet ({str(error)[:100]})") from error
    names = named(file.schema_arrow.names)
    return Table(names, _rows(file, names), unit="row")


def _rows(file: Any, names: tuple[str, ...]) -> Iterator[Row]:
    import pyarrow as pa

    places = count(1)
    try:
        with file:
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [_texts(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    filled = dict(zip(names, cells, strict=True))
                    yield Row(next(places), filled if any(cells) else {})
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"it is damaged after row {next(places) - 1} ({str(error)[:100]})") from error


def _texts(column: Any) -> list[str | None]:
    """Give a column's values as text; nanoseconds are more than a time of day can hold here."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [text_of(value) for value in column.to_pylist()]
