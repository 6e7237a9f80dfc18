"""`heardback check` and the gate behind it: a critical finding ends the road, for each step alone, too."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.installations import Installation

# The tests below lead one installation on, in their order: one worker has them all.
pytestmark = pytest.mark.xdist_group("check")

GOOD = [f"g{n},2026-05-04T0{n % 9}:30:00Z,d{n},,{9 + n % 2},Fine" for n in range(20)]
OFF_SCALE = [f"b{n},2026-05-04T0{n % 9}:00:00Z,e{n},,77,The queue was long" for n in range(40)]
SENTENCE = "Of the newest responses of a source (100 or more), at most half are set aside"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Draft an installation with 23 answers."""
    made = Installation(tmp_path_factory.mktemp("shop"))
    made.add_answers(*GOOD)
    return made


def ledger(shop: Installation, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(shop.home / "ledger.sqlite") as connection:
        return connection.execute(query).fetchall()


def state(shop: Installation) -> list[Any]:
    """Tell all that letters and publication consist of."""
    published = shop.home / "published" / "marts.duckdb"
    return [
        sorted(path.name for path in shop.letters()),
        ledger(shop, "select * from assignments"),
        ledger(shop, "select message_id, status from letters"),
        published.read_bytes(),
    ]


def test_without_a_build_there_is_nothing_to_judge(shop: Installation) -> None:
    ran = shop.run("check")

    assert ran.returncode == 3
    assert "There is no finished build yet" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_good_build_passes_and_leaves_findings_and_pages(shop: Installation) -> None:
    ran = shop.run("run")
    assert ran.returncode == 0, ran.stdout + ran.stderr

    assert ledger(shop, "select passed from builds") == [(1,)]
    found = dict(ledger(shop, "select check_name, outcome from findings"))
    assert found["every_answer_lies_on_its_scale"] == "held"
    assert found["dbt_tests_hold"] == "held"
    assert found["no_source_floods"] == "could_not_tell"
    assert (shop.home / "site" / "data-docs" / "index.html").is_file()
    assert len(shop.letters()) == 1


def test_a_build_that_passed_is_not_checked_twice(shop: Installation) -> None:
    before = ledger(shop, "select * from builds")
    ran = shop.run("check", PYTHONPROFILEIMPORTTIME="1")

    assert ran.returncode == 0
    assert "was checked already, and passed" in ran.stdout
    assert "prefect" in ran.stderr and "great_expectations" not in ran.stderr
    assert ledger(shop, "select * from builds") == before


def test_a_critical_finding_ends_the_road(shop: Installation) -> None:
    before = state(shop)
    shop.add_answers(*OFF_SCALE)
    ran = shop.run("run")

    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert f"{SENTENCE} (1 of 1 sources with ten or more responses: answers (40 of 63))" in ran.stdout
    assert "nothing was published or sent" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
    assert state(shop) == before
    newest = "(select build_id from builds order by rowid desc limit 1)"
    assert ledger(
        shop,
        f"select check_name from findings where build_id = {newest} and outcome = 'broken' "
        "and severity = 'critical'",
    ) == [("the_newest_of_a_source_are_understood",)]


@pytest.mark.parametrize("step", ["assign", "notify", "publish", "check"])
def test_no_step_gets_by_alone(shop: Installation, step: str) -> None:
    before = state(shop)
    ran = shop.run(step)

    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert SENTENCE in ran.stderr and ran.stderr.rstrip().endswith("nothing was published or sent.")
    assert len(ran.stderr.strip().splitlines()) == 1
    assert state(shop) == before


def test_a_test_of_dbt_that_failed_ends_the_road_too(shop: Installation) -> None:
    answers = shop.folder / "answers.csv"
    answers.write_text(answers.read_text(encoding="utf-8").replace(",77,", ",7,"), encoding="utf-8")
    assert shop.run("collect").returncode == 0
    assert shop.run("transform").returncode == 0
    told(shop, "fail")
    ran = shop.run("check")

    assert ran.returncode == 3
    assert "(2 rows); nothing was published or sent." in ran.stderr


def test_what_is_mended_goes_out(shop: Installation) -> None:
    told(shop, "pass")
    ran = shop.run("run")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    with duckdb.connect(str(shop.home / "published" / "marts.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from answers").fetchall() == [(63,)]


def told(shop: Installation, status: str) -> None:
    """Let a data test of dbt have ended otherwise than it did."""
    path: Path = shop.home / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update computed.test_results set status = ?, failures = 2 "
            "where test_name = (select min(test_name) from computed.test_results)",
            [status],
        )
