"""What lies in the programme folder and is read by nothing: files and columns whose name nobody knows."""

from __future__ import annotations

from pathlib import Path

from flows.programme.cells import nearest
from flows.programme.columns import COLUMNS
from flows.programme.sheets import read_sheet
from flows.records import Fault


def stray_files(folder: Path) -> list[Fault]:
    """Name files that are no programme table and columns that look misspelt; they stop nothing."""
    if not folder.is_dir():
        return [Fault(folder.name, "there is no programme folder.", mend="`heardback init` writes one.")]
    faults = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.is_dir():
            continue
        if path.suffix == ".csv" and path.stem in COLUMNS:
            faults.extend(_stray_columns(path, f"{folder.name}/{path.name}"))
        else:
            faults.append(_stray(path, f"{folder.name}/{path.name}"))
    return faults


def _stray(path: Path, file: str) -> Fault:
    if path.stem.lower() in COLUMNS:
        return Fault(
            file, "the file is not read.", mend=f"Save it as CSV under the name {path.stem.lower()}.csv."
        )
    mend = nearest(path.name, [f"{name}.csv" for name in COLUMNS])
    return Fault(file, "the file is no programme table and is not read.", mend=mend or "Move it elsewhere.")


def _stray_columns(path: Path, file: str) -> list[Fault]:
    known = COLUMNS[path.stem]
    header = [column.lower() for column in read_sheet(path, file).header]
    missing = [column for column in known if column not in header]
    return [
        Fault(file, "the column is not read.", 1, column, mend)
        for column in header
        if column and column not in known and (mend := nearest(column, missing))
    ]
