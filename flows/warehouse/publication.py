"""The files analysts open, replaced in one step: `marts.duckdb` and `parquet/<mart>.parquet` in `published`.

Everything is made in `published/.next` and moved over the old files when it is whole and on the disk; who has
the old file open goes on reading it. The Parquet files move first and `marts.duckdb` last: what its row in
`about` names is then there in every form, and after a kill in between the next publication sees the old
`about` and does it all again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from flows.records import HeardbackError
from flows.warehouse import contents, parquet
from flows.warehouse.connections import attached, quoted
from flows.warehouse.mirroring import Mirrored

FOLDER = "published"
FILE = "marts.duckdb"
_NEXT = ".next"
# BI tools bundle older DuckDBs; 1.2 and all later ones read this.
_STORAGE = "v1.2.0"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Say what is published, when, by which version; `timezone` is that of the company's days."""

    build_id: str
    now: datetime
    version: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Published:
    """Tell what a publication did: every table with its rows and the rows written, whether it began anew."""

    tables: tuple[Mirrored, ...]
    is_afresh: bool


def publish(
    home: Path,
    occasion: Occasion,
    kept: Mapping[str, Sequence[Mapping[str, Any]]],
    advance: Callable[[], object] = lambda: None,
    *,
    afresh: bool = False,
) -> Published:
    """Bring the published files up to the warehouse of a home; raises HeardbackError when that fails.

    `kept` holds the rows of `runs` and `findings`, out of the ledger. The first publication of a day (or one
    asked for `afresh`) copies nothing of the file before it, so that what was deleted leaves no bytes behind.
    """
    folder = home / FOLDER
    before = None if afresh else _before(folder / FILE)
    if before is not None and _day(before[1], occasion) != _day(occasion.now, occasion):
        before = None
    with _next_to(folder) as draft:
        if before is not None:
            shutil.copyfile(folder / FILE, draft / FILE)
        with _both(home, draft / FILE) as connection:
            names = contents.names(connection)
            rows = {**kept, "about": [_about(occasion, contents.newest_response(connection))]}
            stands = before is not None and before[0] == (occasion.build_id, occasion.version)
            if stands and not parquet.lacks(folder, names):
                tables = contents.refresh(connection, rows)
            else:
                tables = contents.fill(connection, rows, advance)
            parquet.write(connection, folder, draft, tables)
            connection.execute("checkpoint published")
            connection.execute("detach published")
        _move(draft, folder, set(names))
    return Published(tuple(tables), before is None)


def _about(occasion: Occasion, data_until: datetime | None) -> dict[str, Any]:
    return {
        "published_at": occasion.now,
        "data_until": data_until,
        "build_id": occasion.build_id,
        "version": occasion.version,
    }


def _before(file: Path) -> tuple[tuple[str, str], datetime] | None:
    """Tell build, version and time of the file that stands, if it is whole and nobody writes to it."""
    if not file.exists() or _log_of(file).exists():
        return None
    try:
        with attached(file, "published", read_only=True) as connection:
            row = connection.execute("select build_id, version, published_at from about").fetchone()
    except (duckdb.Error, HeardbackError):  # damaged, or an analyst opened it to write
        return None
    return ((row[0], row[1]), row[2].replace(tzinfo=UTC)) if row else None


def _day(moment: datetime, occasion: Occasion) -> object:
    return moment.astimezone(ZoneInfo(occasion.timezone)).date()


@contextlib.contextmanager
def _next_to(folder: Path) -> Iterator[Path]:
    """Make an empty draft folder beside the files; what a killed publication left there is removed."""
    draft = folder / _NEXT
    shutil.rmtree(draft, ignore_errors=True)
    (draft / parquet.FOLDER).mkdir(parents=True)
    (folder / parquet.FOLDER).mkdir(exist_ok=True)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _both(home: Path, draft: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse and the draft; `raw` stands by, as the programme's marts are views down to it."""
    with attached(home / "warehouse.duckdb", "warehouse", read_only=True) as connection:
        connection.execute(f"attach {quoted(str(home / 'raw.duckdb'))} as raw (read_only)")
        connection.execute(f"attach {quoted(str(draft))} as published (storage_version '{_STORAGE}')")
        yield connection


def _move(draft: Path, folder: Path, names: set[str]) -> None:
    made = sorted((draft / parquet.FOLDER).iterdir())
    if _log_of(draft / FILE).exists():
        raise HeardbackError(f"{draft / FILE} was not written whole. Run `heardback publish` again.")
    for path in [*made, draft / FILE]:
        _to_disk(path)
    for path in made:
        path.replace(folder / parquet.FOLDER / path.name)
    parquet.remove_others(folder, names)
    _to_disk(folder / parquet.FOLDER)
    # A log that an analyst's own writing left belongs to the old file; DuckDB would refuse the new one.
    _log_of(folder / FILE).unlink(missing_ok=True)
    (draft / FILE).replace(folder / FILE)
    _to_disk(folder)


def _log_of(file: Path) -> Path:
    return file.with_name(file.name + ".wal")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
