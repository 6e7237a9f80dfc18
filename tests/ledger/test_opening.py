"""Opening: tables made once, brought up to date once, refused when they are of a newer version."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from flows.ledger import Ledger, open_ledger, runs
from flows.ledger.tables import metadata
from flows.records import ConfigurationError, HeardbackError


def test_migrations_make_exactly_the_tables(book: Ledger) -> None:
    with book.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_again_asks_one_question(ledger_url: str) -> None:
    open_ledger(ledger_url).close()
    program = (
        "import sys; from flows.ledger import open_ledger; open_ledger(sys.argv[1]).close(); "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, ledger_url], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_newer_ledger_is_refused(ledger_url: str) -> None:
    with open_ledger(ledger_url) as book, book.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer version"):
        open_ledger(ledger_url)


def test_many_processes_may_open_an_empty_ledger_at_once(ledger_url: str) -> None:
    program = "import sys; from flows.ledger import open_ledger; open_ledger(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", program, ledger_url]) for _ in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]
    with open_ledger(ledger_url) as book:
        assert runs(book) == []


def test_sqlite_is_opened_so_that_a_promise_survives_a_power_cut(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as book, book.reading() as connection:
        asked = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2}


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/x", "sqlite://", "sqlite:///:memory:"])
def test_a_wrong_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="HEARDBACK_LEDGER_URL"):
        open_ledger(url)


def test_no_error_tells_the_password() -> None:
    with pytest.raises(HeardbackError) as refused:
        open_ledger("postgresql://ann:s3cret@127.0.0.1:1/ledger")
    assert "s3cret" not in str(refused.value)
    assert "cannot be used" in str(refused.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_text("Dear diary, " * 1000)
    with pytest.raises(HeardbackError, match=r"ledger\.sqlite.*not a database"):
        open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")


def test_a_full_disk_is_one_sentence_and_undoes_the_transaction(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    fill = text("insert into inbox values (1, 'x', '2026-01-01', '{}', zeroblob(10000000), null)")
    with (
        open_ledger(f"sqlite:///{path}") as book,
        pytest.raises(HeardbackError, match="full"),
        book.writing() as connection,
    ):
        connection.execute(text("pragma max_page_count = 1"))
        connection.execute(fill)
    assert sqlite3.connect(path).execute("select count(*) from inbox").fetchone() == (0,)
