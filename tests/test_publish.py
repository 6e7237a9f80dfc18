"""`heardback publish` alone: only a build that passed, nothing otherwise, and the ledger's own marts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest

from flows import ledger
from flows.records import Finding
from flows.warehouse.marts import current_build
from tests.installations import Installation

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Draft an installation; the tests below lead it on in their order."""
    return Installation(tmp_path_factory.mktemp("shop"))


def judge(shop: Installation, passed: bool) -> str:
    """Record what a check would say of the present build."""
    build_id = current_build(shop.home)
    assert build_id
    outcome = "held" if passed else "broken"
    finding = Finding("answers_there", "There are answers", "critical", outcome, "3", "1 or more")
    with ledger.open_ledger(f"sqlite:///{shop.home / 'ledger.sqlite'}") as book:
        ledger.record_build(book, build_id, passed, "Answers are missing", [finding], NOW)
    return build_id


def published(shop: Installation, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(shop.home / "published" / "marts.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def refused(shop: Installation, why: str) -> None:
    ran = shop.run("publish")
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert why in ran.stderr and "nothing was published or sent" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


def test_a_build_that_is_not_there_or_did_not_pass_is_withheld(shop: Installation) -> None:
    refused(shop, "no finished build yet")
    for step in ("collect", "transform"):
        ran = shop.run(step)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    judge(shop, passed=False)
    refused(shop, "Answers are missing")
    assert not (shop.home / "published").exists()
    assert not (shop.home / "site" / "index.html").exists()


def test_a_build_that_passed_is_published(shop: Installation) -> None:
    build_id = judge(shop, passed=True)
    ran = shop.run("publish")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"build {build_id} is published" in ran.stdout
    report = (shop.home / "site" / "index.html").read_text(encoding="utf-8")
    assert build_id in report and "As of <time datetime=" in report
    assert "Too few answers to say anything" in report  # three answers are no score
    assert "@" not in report.split("</style>")[1]

    assert published(shop, "select published_at, build_id from about") == [
        (datetime(2026, 5, 4, 9), build_id)
    ]
    assert published(shop, "select count(*) from marts.responses") == [(3,)]
    assert published(shop, "select build_id, outcome, observed from findings") == [(build_id, "held", "3")]
    with ledger.open_ledger(f"sqlite:///{shop.home / 'ledger.sqlite'}") as book:
        runs = ledger.runs(book)
    told = published(shop, "select run_id, exit_status from runs order by started_at")
    assert len(told) == len(runs) and dict(told) == {
        run["run_id"]: None if run is runs[-1] else run["exit_status"] for run in runs
    }
    assert runs[-1]["counts"]["rows_published"] > 3
    assert published(shop, "select run_id from runs where ended_at is null") == [(runs[-1]["run_id"],)]


def test_a_later_build_that_failed_leaves_what_was_published(shop: Installation) -> None:
    standing_files = shop.home / "published" / "marts.duckdb", shop.home / "site" / "index.html"
    dictionary = shop.home / "site" / "dbt-docs" / "index.html"
    written = dictionary.stat().st_mtime_ns
    before = [path.read_bytes() for path in standing_files]
    shop.add_answers("r4,2026-05-03T12:00:00Z,c4,dee@example.com,1,Nobody at the desk")
    for step in ("collect", "transform"):
        assert shop.run(step).returncode == 0
    judge(shop, passed=False)
    refused(shop, "Answers are missing")
    assert [path.read_bytes() for path in standing_files] == before
    assert dictionary.stat().st_mtime_ns == written  # the same tables still mean the same

    build_id = judge(shop, passed=True)
    assert shop.run("publish").returncode == 0
    assert published(shop, "select count(*) from responses") == [(4,)]
    assert build_id in standing_files[1].read_text(encoding="utf-8")
    standing = json.loads(shop.run("status", "--json").stdout)
    assert standing["sources"][0]["response_count"] == 4
