"""`heardback doctor` names every fault with its place and mend, and leaves everything as it was."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import settings as doors
from flows.diagnosis import diagnose
from flows.drafting import draft
from flows.ledger import open_ledger
from flows.records import Advice, Fault
from flows.warehouse.raw import opened

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ANSWERS = "id,date,customer_id,NPS,comment\nr1,2026-05-03,c1,3,Slow\nr2,2026-05-02,c2,9,Good\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Draft an installation from a file of answers and stand in its folder, without any setting."""
    doors.unset_environment("HEARDBACK_")
    (tmp_path / "answers.csv").write_text(ANSWERS)
    draft(tmp_path, tmp_path / "answers.csv", NOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said() -> list[str]:
    return [str(one) for one in diagnose(doors.load())]


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def snapshot(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


def test_a_drafted_installation_is_sound_and_stays_as_it_was(installed: Path) -> None:
    before = snapshot(installed)
    assert said() == []
    assert snapshot(installed) == before


def test_a_used_installation_stays_as_it_was(installed: Path) -> None:
    with opened(installed / ".heardback"):
        pass
    open_ledger(f"sqlite:///{installed}/.heardback/ledger.sqlite").close()
    before = snapshot(installed)
    assert said() == []
    assert snapshot(installed) == before


def test_the_lines_of_the_configuration(installed: Path) -> None:
    rewrite(installed / "heardback.yml", "    tool: files", "    toll: files")
    lines = (installed / "heardback.yml").read_text().splitlines()
    place = lines.index("    toll: files") + 1
    assert any(
        f"line {place}: the key 'sources.0.toll' is not known. Did you mean 'tool'?" in one for one in said()
    )


def test_broken_yaml_and_no_configuration(installed: Path) -> None:
    (installed / "heardback.yml").write_text("sources: [\n")
    assert any("is not YAML" in one for one in said())
    (installed / "heardback.yml").unlink()
    assert any("`heardback init`" in one for one in said())


def test_faults_of_the_programme_have_their_place(installed: Path) -> None:
    rewrite(installed / "programme" / "owners.csv", "owner@example.com", "nobody")
    rewrite(installed / "programme" / "questions.csv", "answers,answers,NPS,", "answer,answers,NPS,")
    (installed / "programme" / "jurneys.csv").write_text("x\n")
    found = [one for one in diagnose(doors.load()) if isinstance(one, Fault)]
    places = {(one.file, one.line, one.column) for one in found}
    assert ("programme/owners.csv", 2, "email") in places
    assert ("programme/questions.csv", 2, "source_name") in places
    assert ("programme/jurneys.csv", None, None) in places
    assert "Did you mean 'answers'?" in {one.mend for one in found}


def test_secrets_that_are_not_set(installed: Path) -> None:
    with (installed / "heardback.yml").open("a") as file:
        file.write("\n  - name: forms\n    tool: typeform\n    token: ${FORMS_TOKEN_FOR_TEST}\n")
    (sentence,) = said()
    assert "source 'forms'" in sentence
    assert "FORMS_TOKEN_FOR_TEST" in sentence


def test_files_that_are_not_there(installed: Path) -> None:
    (installed / "answers.csv").unlink()
    (sentence,) = said()
    assert "no file" in sentence
    assert "answers.csv" in sentence


def test_columns_that_the_file_lacks(installed: Path) -> None:
    rewrite(installed / "heardback.yml", '"{date}"', '"{dates}"')
    rewrite(installed / "heardback.yml", '"{customer_id}"', '"{Kundennummer}"')
    found = said()
    assert len(found) == 2
    assert any("submitted_at names the column 'dates'" in one and "'date'?" in one for one in found)
    assert any("customer_id names the column 'Kundennummer'" in one and "id, date" in one for one in found)


def test_a_customers_file_without_its_key(installed: Path) -> None:
    (installed / "customers.csv").write_text("Number,email\nc1,a@example.com\n")
    with (installed / "heardback.yml").open("a") as file:
        file.write("\n  - name: crm\n    tool: files\n    holds: customers\n    path: customers.csv\n")
    (sentence,) = said()
    assert "no column customer_id" in sentence


def test_a_mail_server_that_is_down(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("HEARDBACK_SMTP_URL", f"smtp://user:secret@127.0.0.1:{port}")
    (sentence,) = said()
    assert f"127.0.0.1:{port}" in sentence
    assert "secret" not in sentence


def test_a_ledger_that_cannot_be_reached(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARDBACK_LEDGER_URL", "postgresql://user:secret@127.0.0.1:1/heardback")
    (sentence,) = said()
    assert "ledger" in sentence
    assert "secret" not in sentence


def test_a_sender_that_is_none_and_a_now_without_offset(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARDBACK_MAIL_FROM", "nobody")
    monkeypatch.setenv("HEARDBACK_NOW", "2026-05-04")
    found = said()
    assert any("HEARDBACK_MAIL_FROM" in one for one in found)
    assert any("HEARDBACK_NOW" in one for one in found)


def test_a_home_of_a_newer_version(installed: Path) -> None:
    with opened(installed / ".heardback") as connection:
        connection.execute("update meta set schema_version = 999")
    (sentence,) = said()
    assert "newer Heardback" in sentence


def test_a_home_that_cannot_be_made(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (installed / "file").write_text("")
    monkeypatch.setenv("HEARDBACK_HOME", str(installed / "file" / "home"))
    monkeypatch.setenv("HEARDBACK_LEDGER_URL", f"sqlite:///{installed}/ledger.sqlite")
    (sentence,) = said()
    assert "not writable" in sentence


def test_advice_is_no_fault(installed: Path) -> None:
    rewrite(installed / "programme" / "journeys.csv", "customer,1", "employee,1")
    rewrite(installed / "programme" / "questions.csv", ",nps,", ",none,")
    rewrite(installed / "programme" / "questions.csv", ",comment,,", ",none,,")
    found = diagnose(doors.load())
    assert len(found) == 2
    assert all(isinstance(one, Advice) for one in found)
    assert any("a home of their own" in one for one in found)
    assert any(
        "no score and no follow-up" in str(one) or "makes" in str(one) or "make" in str(one) for one in found
    )
