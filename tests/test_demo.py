"""The demo, end to end: two days in a home of its own, numbers that agree with the stores."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import duckdb

from demo.home import MARKER, fresh
from demo.screen import read_letters
from tests.demos import run_demo

PAGES = ("site/index.html", "site/data-docs/index.html", "site/dbt-docs/index.html")


def marts(home: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True)


def test_the_home_is_marked_and_holds_what_the_contract_names(shown: tuple[Path, str]) -> None:
    home, _ = shown

    assert (home / MARKER).is_file()
    for name in (
        "raw.duckdb",
        "warehouse.duckdb",
        "published/marts.duckdb",
        "ledger.sqlite",
        "letters/new",
        *PAGES,
    ):
        assert (home / name).exists(), name
    assert not (home.parent / "elsewhere").exists()


def test_the_last_screen_says_what_the_marts_say(shown: tuple[Path, str]) -> None:
    home, said = shown
    with marts(home) as connection:
        responses = connection.execute("select count(*) from responses").fetchone()
        languages = connection.execute("select count(distinct language) from responses").fetchone()
    assert responses and languages

    assert f"Collected {responses[0]:,} responses" in said
    assert f"in {languages[0]} languages" in said and languages[0] >= 6
    assert "Day of delivery" in said
    assert f"{len(read_letters(home / 'letters'))} letters" in said


def test_the_story_is_found(shown: tuple[Path, str]) -> None:
    home, _ = shown
    with marts(home) as connection:
        late = connection.execute(
            "select team_id from follow_ups group by all order by avg((first_contact_at is null)::int) desc"
        ).fetchone()
        edited = connection.execute(
            "select count(*) from quarantine where level in ('answer', 'record')"
        ).fetchone()

    assert late == ("service",)
    assert edited is not None and edited[0] >= 2


def test_what_to_do_first_is_said_in_sentences(shown: tuple[Path, str]) -> None:
    """Delivery is the largest problem and in hand; what is next stands on the screen."""
    home, said = shown
    with marts(home) as connection:
        largest = connection.execute(
            "select touchpoint_id, theme_id, trend, is_already_in_hand, matched_initiative_id, kind, reason "
            "from priorities order by problem_score desc limit 1"
        ).fetchone()
        reasons = connection.execute("select reason, decision_reason from priorities").fetchall()
        battles = connection.execute("select root_cause_id from key_battles order by battle_rank").fetchall()
        following = connection.execute(
            "select reason from priorities where not is_already_in_hand "
            "and decision is distinct from 'defer' order by priority_rank limit 1"
        ).fetchone()

    assert largest and largest[:6] == (
        *("delivery_day", "none", "rising", True),
        *("second_carrier", "structural"),
    )
    assert "“Day of delivery”" in largest[6] and "In hand: “A second carrier" in largest[6]
    assert all(reason and reason.endswith(".") and "None" not in reason for reason, _ in reasons)
    assert all(why in reason for reason, why in reasons if why)
    assert {cause for (cause,) in battles} == {"carrier", "packaging", "refund_slow", "stock_wrong"}
    assert following and following[0] in said


def test_letters_lie_in_the_maildir_for_both_days(shown: tuple[Path, str]) -> None:
    home, _ = shown
    letters = read_letters(home / "letters")

    assert {str(letter["Date"].datetime.date()) for letter in letters} == {"2026-03-11", "2026-03-12"}
    kinds = {letter["X-Heardback-Kind"] for letter in letters}
    assert kinds == {"assignment", "reminder", "escalation", "customer"}
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)


def test_nothing_published_names_a_customer(shown: tuple[Path, str]) -> None:
    home, _ = shown
    published = b"".join(path.read_bytes() for path in (home / "published").rglob("*") if path.is_file())
    people = (home / "company" / "data" / "customers.csv").read_text(encoding="utf-8")

    addresses = re.findall(r"[\w.]+@example\.(?:com|org|net)", people)
    assert len(addresses) > 1000
    assert not [address for address in addresses if address.encode() in published]


def test_nothing_is_left_running(shown: tuple[Path, str]) -> None:
    home, _ = shown
    running = [path for path in Path("/proc").glob("[0-9]*/environ") if path.parent.name != str(os.getpid())]

    assert not [path for path in running if f"HEARDBACK_HOME={home}".encode() in _read(path)]


def _read(environ: Path) -> bytes:
    """Read what a process was started with; nothing if it has ended meanwhile or is another's."""
    try:
        return environ.read_bytes()
    except OSError:
        return b""


def test_a_second_demo_begins_anew_in_the_same_home(shown: tuple[Path, str], tmp_path: Path) -> None:
    home = shutil.copytree(shown[0], tmp_path / "home")

    with fresh(home):
        assert not (home / "raw.duckdb").exists()


def test_a_foreign_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    ran = run_demo(tmp_path, tmp_path)

    assert ran.returncode == 2
    assert "is not empty" in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
