"""How rows of text become programme rows: every cell checked on its own, keys found once."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from flows.programme.columns import COLUMNS, TABLES
from flows.programme.sheets import Sheet, read_sheet
from flows.records import Fault, ProgrammeTable


def read_table(folder: Path, name: str) -> tuple[ProgrammeTable, list[Fault]]:
    """Read and check one table; cells are in canonical spelling, wrong ones stay as they were written."""
    file = f"{folder.name}/{name}.csv"
    sheet = read_sheet(folder / f"{name}.csv", file)
    faults = list(sheet.faults)
    rows = []
    for raw, line in zip(_raw_rows(sheet, name), sheet.lines, strict=True):
        row, wrong = _checked(name, raw, file, line)
        rows.append(row)
        faults.extend(wrong)
    table = ProgrammeTable(name, COLUMNS[name], rows, sheet.lines, file)
    return table, faults + _doubles(table)


def _raw_rows(sheet: Sheet, name: str) -> list[dict[str, str | None]]:
    header = [column.lower() for column in sheet.header]
    places = {column: header.index(column) for column in COLUMNS[name] if column in header}
    return [
        {column: (cells[places[column]] or None) if column in places else None for column in COLUMNS[name]}
        for cells in sheet.rows
    ]


def _checked(
    name: str, raw: dict[str, str | None], file: str, line: int
) -> tuple[dict[str, str | None], list[Fault]]:
    try:
        return TABLES[name].row.model_validate(raw).model_dump(), []
    except ValidationError as error:
        return raw, [
            Fault(file, context["message"], line, str(detail["loc"][0]), context["mend"])
            for detail in error.errors()
            for context in [detail.get("ctx", {"message": detail["msg"], "mend": ""})]
        ]


def _doubles(table: ProgrammeTable) -> list[Fault]:
    """Find rows that share what only one row may have, such as an id or a routing position."""
    faults = []
    for columns in TABLES[table.name].unique:
        first: dict[tuple[str | None, ...], int] = {}
        for row, line in zip(table.rows, table.lines, strict=True):
            key = tuple(row[column] for column in columns)
            if not any(key):
                continue
            if key in first:
                said = ", ".join(value or "empty" for value in key)
                message = f"'{said}' stands there already in line {first[key]}."
                mend = "Change one of the two, or remove it."
                faults.append(Fault(table.file, message, line, ", ".join(columns), mend))
            first.setdefault(key, line)
    return faults
