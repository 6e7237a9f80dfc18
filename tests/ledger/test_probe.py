"""Looking at a ledger leaves no trace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.ledger import open_ledger, start_run
from flows.ledger.probe import looked_at, probe
from flows.records import ConfigurationError, HeardbackError


def entries(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*"))


def test_a_ledger_that_is_not_there_stays_away(tmp_path: Path) -> None:
    with looked_at(f"sqlite:///{tmp_path}/home/ledger.sqlite") as book:
        assert book is None
    assert entries(tmp_path) == []


def test_a_ledger_is_read_and_left_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger file.sqlite"
    with open_ledger(url) as book:
        start_run(book, "r1", "1", datetime(2026, 5, 4, tzinfo=UTC))
    before = entries(tmp_path)
    with looked_at(url) as looked:
        assert looked is not None
        with looked.reading() as connection:
            assert connection.exec_driver_sql("select run_id from runs").scalar() == "r1"
        with pytest.raises(HeardbackError), looked.writing() as connection:
            connection.exec_driver_sql("delete from runs")
    assert entries(tmp_path) == before


def test_a_ledger_at_work_can_be_looked_at(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    with open_ledger(url) as book, book.writing() as connection:
        connection.exec_driver_sql("select 1")
        probe(url)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://"])
def test_a_wrong_url_is_said(url: str) -> None:
    with pytest.raises(ConfigurationError):
        probe(url)


def test_what_cannot_be_reached_is_said(tmp_path: Path) -> None:
    with pytest.raises(HeardbackError, match="cannot be used"):
        probe("postgresql://user:secret@127.0.0.1:1/heardback")
    (tmp_path / "file").write_text("")
    with pytest.raises(HeardbackError, match="cannot be made"):
        probe(f"sqlite:///{tmp_path}/file/ledger.sqlite")
    (tmp_path / "no.sqlite").write_text("this is not a database, however long it may be " * 40)
    with pytest.raises(HeardbackError, match="cannot be used"):
        probe(f"sqlite:///{tmp_path}/no.sqlite")


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    with open_ledger(url) as book, book.writing() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(ConfigurationError, match="newer version"):
        probe(url)
