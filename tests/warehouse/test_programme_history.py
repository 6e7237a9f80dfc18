"""The programme's history: a version per change, none without one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from flows.programme import read
from flows.warehouse.programme_history import land_programme
from flows.warehouse.raw import opened

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def land(home: Path, folder: Path) -> bool:
    tables, _ = read(folder)
    with opened(home) as con:
        return land_programme(con, tables, NOW)


def versions(home: Path) -> list[tuple]:
    with opened(home, read_only=True) as con:
        return con.execute(
            "select table_name, version_no, row_count, loaded_at from programme_versions order by all"
        ).fetchall()


def test_a_version_is_made_when_content_changes_and_only_then(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "programme"
    folder.mkdir()
    at = datetime(2026, 5, 4, 9)
    assert land(home, folder) is False
    (folder / "holidays.csv").write_text("calendar_id,date\noffice,2026-05-01\noffice,2026-12-25\n")
    assert land(home, folder) is True
    assert land(home, folder) is False
    assert versions(home) == [("holidays", 1, 2, at)]
    (folder / "holidays.csv").write_bytes(
        "\ufeffcalendar_id;date\r\n\r\noffice;01.05.2026\r\noffice;2026-12-25".encode()
    )
    assert land(home, folder) is False
    (folder / "holidays.csv").write_text("calendar_id,date\noffice,2026-05-01\n")
    assert land(home, folder) is True
    (folder / "holidays.csv").unlink()
    assert land(home, folder) is True
    assert land(home, folder) is False
    assert versions(home) == [("holidays", 1, 2, at), ("holidays", 2, 1, at), ("holidays", 3, 0, at)]


def test_cells_are_kept_as_text_with_their_lines(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "programme"
    folder.mkdir()
    (folder / "goals.csv").write_text('goal_id,target_score\n\n"g;""1""",40\ng2,\n', encoding="utf-8")
    land(home, folder)
    with opened(home, read_only=True) as con:
        rows = con.execute(
            "select line_no, cells from programme_rows where table_name = 'goals' order by 1"
        ).fetchall()
    assert [line for line, _ in rows] == [3, 4]
    first = json.loads(rows[0][1])
    assert (first["goal_id"], first["target_score"], first["by_date"]) == ('g;"1"', "40", None)
    assert len(first) == 9
