"""The audit as a whole: what it could not tell, what it need not look at again, what it leaves behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.audit import Covered, audit, classes_of, name_of
from expectations.verdict import stopping
from flows.records import Finding
from tests.expectations.conftest import NOW, Broken
from tests.homes import Home

# One worker builds the good home for all.
pytestmark = pytest.mark.xdist_group("expectations")
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
EVERY = frozenset(name_of(check) for checks in classes_of().values() for check in checks)
SECRET = "ana.secret@private.example"


def audited(home: Path, covered: Covered | None = None, *marts: str) -> dict[str, Finding]:
    """Check a home, or some of its marts."""
    chosen = {mart: checks for mart, checks in classes_of().items() if mart in marts or not marts}
    more = {"covered": covered} if covered else {}
    found = audit(home / "warehouse.duckdb", home / "site", "build", AT, classes=chosen, **more)
    return {one.check_name: one for one in found}


def test_a_mart_that_is_missing_cannot_be_judged_and_stops(broken: Broken) -> None:
    found = audited(broken("drop view marts.comments"), None, "comments", "customers")

    lost = [one for one in found.values() if one.outcome == "could_not_tell"]
    assert {one.check_name for one in lost} == {
        "every_comment_has_its_own_key",
        "every_comment_belongs_to_a_response",
        "every_comment_names_its_language_by_tag",
    }
    assert all("comments" in one.observed for one in lost)
    assert {one.check_name for one in stopping(found.values())} == {
        "every_comment_has_its_own_key",
        "every_comment_belongs_to_a_response",
    }


def test_a_column_that_is_missing_cannot_be_judged_and_stops(broken: Broken) -> None:
    home = broken("alter table marts.customers drop column account_id")
    found = audited(home, None, "customers")

    lost = found["no_customer_is_called_by_an_address"]
    assert lost.outcome == "could_not_tell"
    assert lost.observed.startswith("could not run: Binder Error")
    assert stopping(found.values()) == [lost]
    assert found["every_customer_has_an_id_of_their_own"].outcome == "held"


def test_a_new_installation_is_not_withheld(tmp_path: Path) -> None:
    home = Home(tmp_path / "new", NOW)
    home.build()
    found = audited(home.folder)

    assert stopping(found.values()) == []
    assert found["responses_are_there_when_raw_has_some"].outcome == "could_not_tell"
    assert found["every_score_lies_in_its_range"].observed == "nothing to judge yet"


def test_what_was_judged_before_and_held_is_not_looked_at_again(broken: Broken) -> None:
    home = broken(
        "update marts.responses set customer_id = 'a@b.example' where response_id in ('1', '2')",
        "update marts.responses set load_id = 2 where response_id in ('2', '3')",
    )
    name = "no_id_of_a_response_is_an_address"

    assert audited(home, Covered(1, EVERY), "responses")[name].observed == "1 of 2 responses"
    assert audited(home, Covered(1, EVERY - {name}), "responses")[name].observed == "2 of 280 responses"
    assert audited(home, Covered(2, EVERY), "responses")[name].outcome == "held"


def test_a_key_that_comes_again_is_found_among_the_old(broken: Broken) -> None:
    home = broken(
        "insert into marts.responses select * replace (2 as load_id) from marts.responses "
        "where response_id = '7'"
    )
    found = audited(home, Covered(1, EVERY), "responses")

    assert found["every_response_has_its_own_key"].observed == "2 of 2 responses"


def test_the_warehouse_is_free_afterwards(broken: Broken) -> None:
    home = broken()
    audited(home, None, "customers")
    write = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table mine (x int)')"

    for name in ("warehouse.duckdb", "raw.duckdb"):
        done = subprocess.run([sys.executable, "-c", write, str(home / name)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_no_person_is_named_in_findings_or_pages(broken: Broken) -> None:
    home = broken(
        f"update marts.responses set customer_id = '{SECRET}', language = '{SECRET}'",
        f"update marts.responses set response_key = '{SECRET}'",
        f"update marts.other_answers set value_text = '{SECRET}'",
        f"update marts.response_properties set value = '{SECRET}'",
        f"update marts.comments set text = '{SECRET}', language = '{SECRET}', comment_key = '{SECRET}'",
        f"update marts.customers set customer_id = '{SECRET}'",
        f"update marts.quarantine set response_id = '{SECRET}'",
        # A query that fails over a value would quote it.
        "alter table marts.answers alter submitted_at type varchar",
        f"update marts.answers set submitted_at = '{SECRET}'",
        tables=tuple(classes_of()),
    )
    found = audited(home)

    lost = found["every_score_is_what_its_answers_say"]
    assert lost.outcome == "could_not_tell" and "Error" in lost.observed
    assert found["no_customer_is_called_by_an_address"].observed == "280 of 280 customers"
    assert SECRET not in repr(found)
    written = [path for path in (home / "site").rglob("*") if path.suffix in (".html", ".json")]
    assert len(written) > len(classes_of())
    assert [path for path in written if SECRET in path.read_text(encoding="utf-8")] == []
