"""The whole road from the outside: what a run leaves, how it ends, and what it is after being killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.installations import Installation

STEPS = ("listen", "collect", "transform", "check", "publish", "assign", "notify")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Walk the road once."""
    shop = Installation(tmp_path_factory.mktemp("walked"), is_alone=True)
    done = shop.run("run")
    assert done.returncode == 0, done.stdout + done.stderr
    return shop


def published(shop: Installation, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(shop.home / "published" / "marts.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def ledger(shop: Installation, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(shop.home / "ledger.sqlite") as connection:
        return connection.execute(query).fetchall()


def said(shop: Installation) -> list[dict[str, str]]:
    log = shop.home / "logs" / "heardback.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def prefect_states(shop: Installation) -> set[str]:
    with sqlite3.connect(shop.home / "prefect" / "prefect.db") as connection:
        return {
            row[0]
            for row in connection.execute(
                "select s.type from flow_run r join flow_run_state s on r.state_id = s.id"
            )
        }


def test_one_command_leads_from_answers_to_a_letter(walked: Installation) -> None:
    assert published(walked, "select count(*) from responses") == [(3,)]
    assert published(walked, "select count(*) from answers") == [(3,)]
    due = "select withheld_because from follow_ups_due order by all nulls first"
    assert published(walked, due) == [(None,), ("too_old",)]  # as of the build, before it was assigned
    assert len(walked.letters()) == 1
    letter = walked.letters()[0].read_text(encoding="utf-8", errors="replace")
    assert "X-Heardback-Kind: assignment" in letter


def test_an_old_answer_is_told_of_in_one_sentence(walked: Installation) -> None:
    (sentence,) = [line["sentence"] for line in said(walked) if "too old" in line["sentence"]]

    assert sentence.startswith("too old for a letter: 1 follow-up ") and "follow_ups.within_days" in sentence


def test_the_same_run_again_changes_nothing(walked: Installation) -> None:
    before = {path: path.read_bytes() for path in walked.letters()}
    promised = ledger(walked, "select * from assignments")
    again = walked.run("run")

    assert again.returncode == 0, again.stdout + again.stderr
    assert {path: path.read_bytes() for path in walked.letters()} == before
    assert ledger(walked, "select * from assignments") == promised
    assert published(walked, "select count(*) from responses") == [(3,)]


def test_what_an_owner_did_is_in_the_next_publication(walked: Installation) -> None:
    ((key,),) = ledger(walked, "select assignment_key from assignments")
    noted = walked.run("event", key, "contacted", "--note", "called back")
    later = walked.run("run", HEARDBACK_NOW="2026-05-04T10:00:00Z")

    assert noted.returncode == later.returncode == 0, noted.stderr + later.stdout
    assert published(
        walked, "select follow_up_key, status, first_contact_at is not null from follow_ups"
    ) == [(key, "contacted", True)]


def test_prefect_remembers_every_run(walked: Installation) -> None:
    assert prefect_states(walked) == {"COMPLETED"}


def test_status_and_doctor_need_no_lock_and_say_how_it_stands(walked: Installation) -> None:
    standing = json.loads(walked.run("status", "--json").stdout)

    assert [row["response_count"] for row in standing["sources"]] == [3]
    assert standing["runs"][-1]["exit_status"] == 0
    assert walked.run("doctor").returncode == 0
    assert walked.run("status", "--max-age", "26h").returncode == 0
    assert walked.run("status", "--max-age", "1h", HEARDBACK_NOW="2026-06-01T09:00:00Z").returncode == 1


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("heardback.yml", "sources: [", "this is not YAML"),
        ("heardback.yml", "sources: []\nsegmints: []\n", "Did you mean 'segments'?"),
        ("programme/routing.csv", "rule_id,position,action\na,1,assing\n", "routing.csv, line 2"),
    ],
)
def test_what_is_wrong_stops_before_anything_is_started(
    tmp_path: Path, file: str, text: str, sentence: str
) -> None:
    shop = Installation(tmp_path)
    (shop.folder / file).write_text(text, encoding="utf-8")
    refused = shop.run("run")

    assert refused.returncode == 2
    assert sentence in refused.stderr and "Traceback" not in refused.stderr
    assert not (shop.home / "raw.duckdb").exists()


def test_a_missing_token_costs_its_own_source_only(tmp_path: Path) -> None:
    shop = Installation(tmp_path)
    with (shop.folder / "heardback.yml").open("a", encoding="utf-8") as file:
        file.write("  - {name: forms, tool: typeform, token: '${FORMS_TOKEN}'}\n")
    done = shop.run("run")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "FORMS_TOKEN" in done.stdout
    assert len(shop.letters()) == 1
    assert published(shop, "select count(*) from responses") == [(3,)]


def test_two_runs_at_once(walked: Installation, tmp_path: Path) -> None:
    shop = walked.copied(tmp_path)
    (shop.home / "lock.holder").unlink(missing_ok=True)
    first = shop.start("run", HEARDBACK_NOW="2026-05-04T11:00:00Z")
    end = time.monotonic() + 300
    while not (shop.home / "lock.holder").exists() and time.monotonic() < end:
        time.sleep(0.01)
    second = shop.run("run")
    out, _ = first.communicate(timeout=300)

    assert second.returncode == 4, second.stdout + second.stderr
    assert f"process {first.pid}" in second.stderr and "--wait" in second.stderr
    assert first.returncode == 0, out
    assert len(shop.letters()) == 1


def test_killed_after_each_step_it_goes_on(tmp_path: Path) -> None:
    shop = Installation(tmp_path, is_alone=True)
    for step in STEPS:
        killed = shop.start("run")
        _wait_for(shop, killed, step)
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate()
    last = shop.run("run")

    assert last.returncode == 0, last.stdout + last.stderr
    assert len(shop.letters()) == 1
    assert ledger(shop, "select count(*) from assignments") == [(1,)]
    assert ledger(shop, "select status, count(*) from letters group by 1") == [("sent", 1)]
    assert published(shop, "select count(*) from responses") == [(3,)]
    assert "RUNNING" not in prefect_states(shop) and "CRASHED" in prefect_states(shop)
    assert ledger(shop, "select count(*) from runs where ended_at is null") == [(0,)]


def _wait_for(shop: Installation, child: subprocess.Popen[str], step: str) -> None:
    """Wait until the run says that it took this step."""
    there = len(said(shop))
    end = time.monotonic() + 400
    while not any(line["step"] == step for line in said(shop)[there:]):
        assert child.poll() is None, child.communicate()[0]
        assert time.monotonic() < end, f"{step} was not reached"
        time.sleep(0.01)
