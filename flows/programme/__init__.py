"""The programme: what people know and no tool does, as CSV tables in one folder.

`read` gives every table of the contract, missing ones empty, and every fault with file, line, column, mend.
"""

from __future__ import annotations

from pathlib import Path

from flows.programme.columns import COLUMNS, TABLES
from flows.programme.consistency import contradictions, unkept_examples
from flows.programme.pattern_sql import theme_patterns
from flows.programme.references import dangling
from flows.programme.rows import read_table
from flows.programme.strays import stray_files
from flows.programme.working_time import impossible_hours
from flows.records import Fault, ProgrammeTable

__all__ = ["COLUMNS", "read", "stray_files", "theme_patterns", "unkept_examples"]


def read(folder: Path) -> tuple[dict[str, ProgrammeTable], list[Fault]]:
    """Read all programme tables of a folder with all their faults, in the order of tables and lines.

    Rows hold the contract's columns as text in one canonical spelling, None where empty. Faults stop a run.
    """
    tables: dict[str, ProgrammeTable] = {}
    faults: list[Fault] = []
    for name in TABLES:
        tables[name], wrong = read_table(folder, name)
        faults.extend(wrong)
    faults.extend(dangling(tables))
    faults.extend(contradictions(tables))
    faults.extend(impossible_hours(tables))
    # In a row with a cell too many all others stand under a wrong header: that one fault explains the rest.
    shifted = {(fault.file, fault.line) for fault in faults if fault.column is None}
    faults = [fault for fault in faults if fault.column is None or (fault.file, fault.line) not in shifted]
    order = {table.file: place for place, table in enumerate(tables.values())}
    return tables, sorted(set(faults), key=lambda fault: (order[fault.file], fault.line or 0, str(fault)))
