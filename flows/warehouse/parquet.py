"""The published tables as Parquet, one file per mart; a file is written only when its content changed.

Each file carries the digest of what it holds, so nothing beside it has to be remembered or can be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from flows.warehouse.connections import quoted
from flows.warehouse.mirroring import Mirrored, named

FOLDER = "parquet"
_KEY = "heardback_digest"


def lacks(folder: Path, names: Iterable[str]) -> bool:
    """Tell whether any of these marts has no file."""
    return not all(_file(folder, name).exists() for name in names)


def write(
    connection: duckdb.DuckDBPyConnection, folder: Path, draft: Path, tables: Iterable[Mirrored]
) -> None:
    """Write into the draft a file of every table that the file in the folder does not hold already."""
    for table in tables:
        if _digest(connection, _file(folder, table.name)) != table.digest:
            target = quoted(str(_file(draft, table.name)))
            connection.execute(
                f"copy (from published.main.{named(table.name)}) to {target} "
                f"(format parquet, compression zstd, kv_metadata {{{_KEY}: {quoted(table.digest)}}})"
            )


def remove_others(folder: Path, names: set[str]) -> None:
    """Remove the files of marts that are no more."""
    for path in (folder / FOLDER).glob("*.parquet"):
        if path.stem not in names:
            path.unlink()


def _digest(connection: duckdb.DuckDBPyConnection, file: Path) -> str | None:
    if not file.exists():
        return None
    try:
        row = connection.execute(
            "select decode(value) from parquet_kv_metadata(?) where key = ?::varchar::blob", [str(file), _KEY]
        ).fetchone()
    except duckdb.Error:  # whatever lies there is no Parquet file: it is written anew
        return None
    return str(row[0]) if row else None


def _file(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.parquet"
