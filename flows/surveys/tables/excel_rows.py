"""Rows of the first visible sheet of a workbook (.xlsx .xls .xlsb .xlsm .ods)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.surveys.tables.rows import Empty, Row, Table, Unreadable, named
from flows.surveys.tables.values import text_of


def opened(path: Path) -> Table:
    """Open a workbook; the first row that is not blank is the header.

    Raises Unreadable for what is no workbook, has a password, or two columns of one name.
    """
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_name(_first_visible(workbook))
        rows = enumerate(sheet.iter_rows(), 1)
    except calamine.PasswordError as error:
        raise Unreadable("it is protected by a password") from error
    except (calamine.CalamineError, OSError) as error:
        raise Unreadable(f"it cannot be read as a workbook ({str(error)[:100]})") from error
    header = next((cells for _, cells in rows if any(map(text_of, cells))), None)
    if header is None:
        raise Empty
    names = named([text_of(cell) or "" for cell in header])
    return Table(names, _rows(rows, names), unit="row")


def _first_visible(workbook: Any) -> str:
    from python_calamine import SheetVisibleEnum

    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    names: list[str] = visible or workbook.sheet_names
    if not names:
        raise Empty
    return names[0]


def _rows(rows: Iterator[tuple[int, list[Any]]], names: tuple[str, ...]) -> Iterator[Row]:
    for place, cells in rows:
        texts = [text_of(cell) for cell in cells]
        blank = not any(text and text.strip() for text in texts)
        yield Row(place, {} if blank else dict(zip(names, texts, strict=True)))
