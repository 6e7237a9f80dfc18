"""Looking at a ledger without touching it: no tables are made, nothing is migrated, no file appears."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, create_engine, make_url

from flows.ledger.opening import Ledger, checked_address, in_words, newest_known, present_revision
from flows.records import HeardbackError

_SECONDS = 5


@contextlib.contextmanager
def looked_at(url: str) -> Iterator[Ledger | None]:
    """Open a ledger for reading only; None where there is none yet.

    Raises ConfigurationError for a wrong URL or a newer ledger, HeardbackError when it cannot be reached or
    could not be made where the URL says.
    """
    address = checked_address(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        _require_room(Path(str(address.database)))
        yield None
        return
    connecting = {} if address.get_backend_name() == "sqlite" else {"connect_timeout": _SECONDS}
    ledger = Ledger(create_engine(_reading(address), connect_args=connecting))
    try:
        with in_words(address), ledger.engine.begin() as connection:
            present = present_revision(connection)
        newest_known(present, address)
        yield ledger if present else None
    finally:
        ledger.close()


def probe(url: str) -> None:
    """Reach the ledger once and leave it as it is; raises as `looked_at` does."""
    with looked_at(url):
        pass


def _reading(address: URL) -> URL:
    if address.get_backend_name() != "sqlite":
        return address
    file = Path(str(address.database)).resolve()
    # Without a write-ahead log nobody is at work, and only then may SQLite be told to make no files at all.
    alone = "" if Path(f"{file}-wal").exists() else "&immutable=1"
    return make_url(f"sqlite:///file:{quote(str(file))}?mode=ro{alone}&uri=true")


def _require_room(file: Path) -> None:
    folder = next((parent for parent in file.absolute().parents if parent.exists()), Path("/"))
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise HeardbackError(f"The ledger cannot be made at {file}: {folder} is not writable.")
