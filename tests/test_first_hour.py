"""From a person's own file of answers to a first rehearsed letter in four commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ANSWERS = """\
Response ID;Submitted At;Customer ID;Email Address;How likely are you to recommend us?;What could we improve?
r1;03.05.2026 10:11;c1;ann@example.com;3;The queue was far too long, and nobody came
r2;03.05.2026 11:12;c2;bob@example.com;9;Great service
r3;02.05.2024 11:12;c3;cem@example.com;0;Long ago I was not happy at all
"""


def heardback(folder: Path, *words: str) -> str:
    """Run one command as a person would, in a folder of its own and with no settings but the time."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HEARDBACK_", "PREFECT_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *words],
        cwd=folder,
        env={**kept, "HEARDBACK_NOW": "2026-05-04T09:00:00Z"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draft an installation from a person's file; the tests below lead it on in their order."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "answers.csv").write_bytes(ANSWERS.encode("cp1252"))
    heardback(folder, "init", "--from", "answers.csv")
    return folder


def test_four_commands_to_a_rehearsed_letter(folder: Path) -> None:
    heardback(folder, "collect")
    heardback(folder, "transform")
    home = folder / ".heardback"
    ledger_before = (home / "ledger.sqlite").read_bytes()
    rehearsal = json.loads(heardback(folder, "rehearse", "--json"))
    (letter,) = rehearsal["letters"]
    assert letter["recipient"] == "owner@example.com"
    (follow_up,) = letter["follow_ups"]
    assert follow_up["customer_id"] == "c1"
    # Elapsed 48 hours from Sunday 10:11 are Tuesday 10:11, within the drafted Monday to Friday 9 to 17 (UTC).
    assert follow_up["due_at"].startswith("2026-05-05 10:11")
    assert rehearsal["withheld"] == {"too_old": 1}
    assert not (home / "letters").exists()
    assert (home / "ledger.sqlite").read_bytes() == ledger_before


def test_after_a_run_the_letter_is_shown_as_assigned(folder: Path) -> None:
    heardback(folder, "doctor")
    before = json.loads(heardback(folder, "rehearse", "--json"))
    heardback(folder, "run")
    sent = [path.read_text() for path in (folder / ".heardback" / "letters" / "new").iterdir()]
    pairs = zip(before["letters"], sent, strict=True)
    assert [letter["message_id"] in text for letter, text in pairs] == [True]
    rehearsal = json.loads(heardback(folder, "rehearse", "--json"))
    assert rehearsal["letters"] == []
    assert [letter["recipient"] for letter in rehearsal["promised"]] == ["owner@example.com"]


def test_other_rules_over_a_past_period(folder: Path) -> None:
    """Rules that thank promoters would have written about r2, too; r1 was written about, r3 lies before."""
    other = folder / "other"
    shutil.copytree(folder / "programme", other)
    rules = (other / "routing.csv").read_text()
    (other / "routing.csv").write_text(rules.replace(",bottom,", ",promoter,"))
    period = ("--from", "2026-01-01", "--to", "2026-05-04")
    rehearsal = json.loads(heardback(folder, "rehearse", "--json", "--programme", "other", *period))
    asked = [one["customer_id"] for letter in rehearsal["letters"] for one in letter["follow_ups"]]
    assert asked == ["c2"]
    assert [len(letter["follow_ups"]) for letter in rehearsal["promised"]] == [1]
