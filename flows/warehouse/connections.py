"""How DuckDB files are opened: always the same way, always in a `with`, memory and threads bounded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from flows.records import Busy, HeardbackError

# Small row groups keep memory flat while compressed text fills them: 215 MB, not 1 GB, for a million rows.
RAW_ROW_GROUP = 20480


@contextlib.contextmanager
def attached(
    path: Path,
    alias: str,
    *,
    read_only: bool = False,
    row_group_size: int | None = None,
    memory: str = "2GB",
    threads: int = 2,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open one DuckDB file under a name of its own and use it; the file is free again afterwards.

    Raises Busy when another process holds the file, HeardbackError when it is no DuckDB file of this version.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(path.parent / "temp"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    options = ["READ_ONLY"] if read_only else []
    if row_group_size and not read_only:
        options.append(f"ROW_GROUP_SIZE {row_group_size}")
    try:
        connection.execute("set timezone = 'UTC'")
        suffix = f" ({', '.join(options)})" if options else ""
        connection.execute(f"attach {quoted(str(path))} as {alias}{suffix}")
        connection.execute(f"use {alias}")
        yield connection
    except duckdb.IOException as error:
        raise _in_words(path, error) from None
    finally:
        connection.close()


def execute(
    connection: duckdb.DuckDBPyConnection, query: str, batch: pa.Table, values: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Do what SQL says, which sees rows as the table `batch`; gives the columns it selects, or its count.

    DuckDB finds them by the name they have in this function. Registered by hand they would cost it twice as
    many moments at which it waits for other threads.
    """
    return connection.execute(query, values).fetchnumpy()


def quoted(text: str) -> str:
    """Write text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _in_words(path: Path, error: duckdb.IOException) -> HeardbackError:
    said = str(error).splitlines()[0][:300]
    if "lock" in said.lower():
        return Busy(f"{path} is in use by another process ({said}). Close it and try again.")
    return HeardbackError(f"{path} cannot be read or written: {said}")
