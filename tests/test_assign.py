"""Assign: promises owner by owner, each with its letter; and what is said about those withheld."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows import ledger, settings
from flows.assign import promise_all, promise_of, tell
from flows.ledger import Ledger
from flows.orchestration import Work
from flows.records import ConfigurationError
from flows.report import Report

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def due(key: str, owner: str, email: str = "someone@acme.example") -> dict[str, Any]:
    return {
        "follow_up_key": key,
        "response_key": f"response-{key}",
        "customer_id": "C-1",
        "kind": "recover",
        "rule_id": "unhappy",
        "team_id": "shop",
        "owner_id": owner,
        "submitted_at": datetime(2026, 5, 4, 4),
        "due_at": datetime(2026, 5, 6, 4),
        "reason": "rule unhappy",
        "answers": [
            {
                "metric": "nps",
                "value": Decimal("2"),
                "scale_min": 0,
                "scale_max": 10,
                "score_class": "detractor",
            }
        ],
        "comments": [],
        "rule": {"tell_customer": "both"},
        "owner": {"id": owner, "name": owner.title(), "email": email, "language": "en", "timezone": "UTC"},
        "team": {"id": "shop", "name": "Shop", "email": ""},
    }


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Make the work of a step in an installation of its own."""
    (tmp_path / "heardback.yml").write_text("sources: []\nfollow_ups: {within_days: 14}\n")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(tmp_path / "heardback.yml"))
    monkeypatch.setenv("HEARDBACK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return Work(settings.load(), NOW, tmp_path / "home", "run", "assign", Report())


@pytest.fixture
def book(work: Work) -> Iterator[Ledger]:
    """Open its ledger."""
    with ledger.open_ledger(work.settings.ledger_address) as opened:
        yield opened


def test_one_letter_per_owner_and_nothing_the_second_time(book: Ledger, work: Work) -> None:
    promises = [
        promise_of(due(key, owner), "build") for key, owner in (("a", "ann"), ("b", "bob"), ("c", "ann"))
    ]
    assert promise_all(book, work, promises) == 3
    letters = ledger.claim_letters(book, NOW)
    keys = sorted(
        sorted(line for line in one.body.decode().split("\r\n") if "X-Heardback-A" in line) for one in letters
    )
    assert keys == [["X-Heardback-Assignment: a", "X-Heardback-Assignment: c"], ["X-Heardback-Assignment: b"]]
    assert promise_all(book, work, promises) == 0
    assert ledger.claim_letters(book, NOW) == []


def test_an_owner_who_cannot_be_written_to_fails_alone(book: Ledger, work: Work) -> None:
    promises = [promise_of(due("a", "ann", ""), "build"), promise_of(due("b", "bob"), "build")]
    assert promise_all(book, work, promises) == 1
    assert "owner 'ann' has no e-mail address" in work.report.failures[0]
    assert ledger.promised_keys(book) == {"b"}


def test_a_wrong_sender_stops_before_anything_is_promised(
    book: Ledger, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_MAIL_FROM", "nobody")
    work.settings = settings.load()
    with pytest.raises(ConfigurationError, match="HEARDBACK_MAIL_FROM"):
        promise_all(book, work, [promise_of(due("a", "ann"), "build")])
    assert ledger.promised_keys(book) == set()


def test_the_facts_of_a_promise_are_plain(book: Ledger, work: Work) -> None:
    promise_all(book, work, [promise_of(due("a", "ann"), "build")])
    assignment = ledger.find_assignment(book, "a")
    assert assignment is not None
    assert assignment["due_at"] == datetime(2026, 5, 6, 4, tzinfo=UTC)
    assert assignment["facts"]["received_at"] == "2026-05-04T04:00:00+00:00"
    assert assignment["facts"]["tell_customer"] == "both"
    assert assignment["build_id"] == "build"


def test_what_is_withheld_is_said_with_the_setting_that_governs_it(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(work, 0, {"too_old": 31_204, "capped": 2})
    said = capsys.readouterr().out
    assert "0 follow-ups assigned; withheld: 2 capped." in said
    assert "too old for a letter: 31,204 follow-ups" in said
    assert "older than 14 days" in said
    assert "`follow_ups.within_days`" in said
