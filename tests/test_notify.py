"""Notify: letters go out or wait, and what failed is said and ends the run with status 1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import ledger, settings
from flows.ledger import Ledger
from flows.notify import send
from flows.orchestration import Work, outcome
from flows.posting import tell, ways_out
from flows.records import Letter
from flows.report import Report

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Make the work of a step in an installation of its own, without a mail server."""
    (tmp_path / "heardback.yml").write_text("sources: []\n")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEARDBACK_SMTP_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return Work(settings.load(), NOW, tmp_path / "home", "run", "notify", Report())


@pytest.fixture
def book(work: Work) -> Iterator[Ledger]:
    """Open a ledger with two letters waiting."""
    with ledger.open_ledger(work.settings.ledger_address) as opened:
        with opened.writing() as connection:
            for number in range(2):
                letter = Letter(f"<{number}@x>", "assignment", (), "a@x", "s", b"Subject: s\r\n\r\nhello\r\n")
                ledger.queue_letter(connection, letter, NOW)
        yield opened


def test_without_a_mail_server_letters_lie_in_the_home(book: Ledger, work: Work) -> None:
    tell(work, send.fn(book, ways_out(work, 2), NOW, int), 0, ledger.letters_waiting(book))
    assert len(list((work.home / "letters" / "new").iterdir())) == 2
    assert outcome(work) == 0
    assert work.report.counts["letters_sent"] == 2


def test_a_mail_server_that_is_down_is_said_once(
    book: Ledger, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_SMTP_URL", "smtp://ann:s3cret@127.0.0.1:1")
    work.settings = settings.load()
    tell(work, send.fn(book, ways_out(work, 2), NOW, int), 0, ledger.letters_waiting(book))
    assert outcome(work) == 1
    assert len(work.report.failures) == 1
    assert work.report.failures[0].startswith("2 letters waiting: the mail server cannot be used: ")
    assert "s3cret" not in work.report.failures[0]
