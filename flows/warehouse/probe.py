"""Looking at a home's stores without making or changing them."""

from __future__ import annotations

import os
from pathlib import Path

from flows.records import ConfigurationError, HeardbackError
from flows.warehouse.connections import attached
from flows.warehouse.raw import SCHEMA_VERSION


def probe(home: Path) -> None:
    """Look at a home; raises ConfigurationError for a newer one, HeardbackError where it cannot be used."""
    folder = next((place for place in (home, *home.parents) if place.exists()), Path("/"))
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise HeardbackError(
            f"The home folder {home} is not writable. Mend its rights, or set HEARDBACK_HOME."
        )
    path = home / "raw.duckdb"
    if not path.exists():
        return
    with attached(path, "raw", read_only=True, memory="100MB") as connection:
        tables = "select count(*) from duckdb_tables() where table_name = 'meta'"
        is_made = (connection.execute(tables).fetchone() or (0,))[0]
        version = connection.execute("select schema_version from meta").fetchone() if is_made else None
    if version and version[0] > SCHEMA_VERSION:
        raise ConfigurationError(
            f"{path} was written by a newer Heardback (schema {version[0]}, this one knows "
            f"{SCHEMA_VERSION}). Install that version again, or choose another HEARDBACK_HOME."
        )
