"""`heardback event`: what an owner did, checked against the programme and written once."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from flows import ledger, settings
from flows.event import record_event_from_command
from flows.ledger import EventRefused
from flows.mail.letters import assignment_letter
from flows.mail.message import Sender
from flows.records import Promise

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
KEY = "3f2a9c0d4b5e6f708192a3b4c5d6e7f8"
OWNERS = """owner_id,team_id,name,email,role,language,timezone
anna,shop,Anna,anna@acme.example,owner,en,Europe/Berlin
bert,depot,Bert,bert@acme.example,owner,de,Europe/Berlin
mute,depot,Mute,,owner,,
"""
TEAMS = """team_id,name,email,timezone
shop,Shop,shop@acme.example,Europe/Berlin
depot,Depot,,Europe/Berlin
"""


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    """Make an installation with two owners and one follow-up promised to Anna."""
    programme = tmp_path / "programme"
    programme.mkdir()
    (programme / "owners.csv").write_text(OWNERS)
    (programme / "teams.csv").write_text(TEAMS)
    (programme / "root_causes.csv").write_text("root_cause_id,name\nlate_delivery,Late delivery\n")
    (tmp_path / "heardback.yml").write_text("company: {name: Acme}\nsources: []\n")
    for name, value in {
        "HOME": tmp_path / "home",
        "CONFIG": tmp_path / "heardback.yml",
        "NOW": NOW.isoformat(),
    }.items():
        monkeypatch.setenv(f"HEARDBACK_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    chosen = settings.load()
    facts: dict[str, Any] = {
        "follow_up_key": KEY,
        "kind": "recover",
        "tell_customer": "resolved",
        "comments": [{"text": "Nobody said sorry."}],
        "answers": [],
        "owner": {"id": "anna", "name": "Anna", "email": "anna@acme.example", "timezone": "Europe/Berlin"},
    }
    promised = Promise(KEY, "recover", "r", "anna", "shop", "rule", NOW, "build", facts)
    with ledger.open_ledger(chosen.ledger_address) as book:
        sender = Sender(chosen.mail_from, "", "Acme")
        ledger.promise(
            book, [promised], lambda new: assignment_letter([one.facts for one in new], sender, NOW), NOW
        )
    return chosen


def told(chosen: settings.Settings) -> list[tuple[str, str]]:
    with ledger.open_ledger(chosen.ledger_address) as book:
        return [(row["event"], row["actor"]) for row in ledger.events_after(book, 1)]


def test_the_line_from_the_letter_works(installation: settings.Settings) -> None:
    said = record_event_from_command(installation, KEY, "contacted", by="anna", note="rang her")
    assert said == f"Noted: contacted. The follow-up {KEY} is contacted."
    assert "noted already, by anna on 2026-05-04 09:00 UTC" in record_event_from_command(
        installation, KEY, "contacted"
    )
    record_event_from_command(installation, KEY, "resolved", by="bert", root_cause="late_delivery")
    assert "is closed" in record_event_from_command(installation, KEY, "told", by="anna")
    assert told(installation) == [
        ("contacted", "anna"),
        ("resolved", "bert"),
        ("told", "anna"),
        ("closed", "heardback"),
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"event": "contact"}, "no event 'contact'. Did you mean 'contacted'"),
        ({"event": "withdrawn"}, "no event 'withdrawn'"),
        ({"key": KEY[:-1] + "0"}, f"Did you mean '{KEY}'"),
        ({"by": "ana"}, r"no owner 'ana' \(--by\). Did you mean 'anna'"),
        ({"event": "reassigned", "to": "brt"}, r"no owner 'brt' \(--to\). Did you mean 'bert'"),
        ({"event": "reassigned"}, "--to OWNER_ID"),
        (
            {"event": "reassigned", "to": "mute"},
            "Nothing was handed over: owner 'mute' has no e-mail address",
        ),
        ({"event": "resolved"}, "--root-cause"),
        ({"event": "resolved", "root_cause": "late_deliverie"}, "Did you mean 'late_delivery'"),
        ({"event": "resumed"}, "this follow-up is assigned"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    installation: settings.Settings, words: dict[str, str], why: str
) -> None:
    call = {"key": KEY, "event": "contacted", "by": "anna", **words}
    with pytest.raises(EventRefused, match=why) as refused:
        record_event_from_command(installation, call.pop("key"), call.pop("event"), **call)
    assert refused.value.exit_status == 2
    assert told(installation) == []
    with ledger.open_ledger(installation.ledger_address) as book:
        assert ledger.letters_waiting(book) == 1


def test_who_takes_over_gets_a_letter(installation: settings.Settings) -> None:
    for _ in range(2):  # handed to and fro: every letter is one of its own, a double click is none
        for to, by in (("bert", "anna"), ("bert", "anna"), ("anna", "bert")):
            record_event_from_command(
                installation, KEY, "reassigned", by=by, to=to, note="your shop, I think"
            )
    with ledger.open_ledger(installation.ledger_address) as book:
        letters = ledger.claim_letters(book, NOW)
        assignment = ledger.find_assignment(book, KEY)
    assert (
        sorted(letter.recipient for letter in letters)
        == ["anna@acme.example"] * 3 + ["bert@acme.example"] * 2
    )
    german = next(letter.body for letter in letters if letter.recipient.startswith("bert"))
    text = message_from_bytes(german, policy=policy.default).get_body(("plain",))
    assert text is not None
    assert "Guten Tag Bert" in text.get_content() and "http://127.0.0.1:8484/a/" in text.get_content()
    assert assignment and (assignment["owner_id"], assignment["team_id"]) == ("anna", "shop")
    assert [event for event, _ in told(installation)] == ["reassigned"] * 4


def test_noting_an_event_starts_neither_prefect_nor_duckdb(installation: settings.Settings) -> None:
    program = (
        "import sys; from flows import settings; from flows.event import record_event_from_command as note; "
        f"note(settings.load(), '{KEY}', 'contacted'); "
        "print(sorted({'prefect', 'duckdb', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
