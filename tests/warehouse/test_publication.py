"""What analysts open: equal to the warehouse, described, and without anybody's contacts."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import datetime
from pathlib import Path

import duckdb

from flows.warehouse.contents import SOURCES
from tests.homes import Home
from tests.set_up import old_duckdb
from tests.warehouse.published import COMMENT, PLANTED, change, differences, put_out, rows


def parquet_times(home: Path) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in (home / "published" / "parquet").iterdir()}


def test_every_mart_is_there_and_equal(home: Path) -> None:
    put_out(home)
    assert differences(home) == {}
    counts = rows(home, "select (from (select count(*) from marts.answers)), count(*) from journey_metrics")
    assert counts[0][0] == 12  # 2 at the desk, 7 chairs, 3 meals; the answer off scale is set aside
    assert counts[0][1] > 20
    assert rows(home, "select text from comments") == [(COMMENT,)]


def test_only_marts_are_published(home: Path) -> None:
    put_out(home)
    schemas = rows(home, "select distinct schema_name from duckdb_tables() where not internal")
    names = {name for (name,) in rows(home, "select table_name from information_schema.tables")}
    files = {path.stem for path in (home / "published" / "parquet").glob("*.parquet")}
    assert schemas == [("main",)]
    assert names == files
    assert {"about", "runs", "findings", "journey_scores", "answers", "teams"} <= names
    assert not names & {"contacts", "settings", "int_answers_judged", "stamp"}


def test_about_runs_and_findings(home: Path) -> None:
    put_out(home, "b7")
    about = rows(home, "select published_at, data_until, build_id, version from about")
    assert about == [(datetime(2026, 5, 8, 16, 30), datetime(2026, 5, 8, 16, 30), "b7", "1")]
    assert rows(home, "select run_id, ended_at, exit_status from runs") == [("run", None, None)]
    assert rows(home, "select build_id, check_name, outcome from findings") == [
        ("b7", "answers_there", "held")
    ]


def test_every_table_and_column_is_described(home: Path) -> None:
    put_out(home)
    put_out(home, "b2")  # and stays so
    bare = "select table_name, column_name from duckdb_columns() where not internal and comment is null"
    assert rows(home, bare) == []
    assert rows(home, "select table_name from duckdb_tables() where comment is null") == []
    assert rows(home, "select view_name from duckdb_views() where comment is null and not internal") == []
    told = "select comment from duckdb_columns() where table_name = 'answers' and column_name = 'raw_value'"
    assert rows(home, told) == [("The value as it was given, before reversal.",)]


def test_journey_scores_is_a_view_under_any_name_of_the_file(home: Path) -> None:
    change(home, "update marts.journey_metrics set verdict = 'publish'")
    put_out(home)
    assert rows(home, "select view_name from duckdb_views() where not internal") == [("journey_scores",)]
    number = rows(home, "select count(*) from marts.journey_scores")
    assert number[0][0] > 0
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home / 'published' / 'marts.duckdb'}' as elsewhere (read_only)")
        assert connection.execute("select count(*) from elsewhere.journey_scores").fetchall() == number


def test_small_cells_of_employees_stay_inside(home: Path) -> None:
    """Seven rated their chair, three of them the canteen; one or two customers the desk."""
    put_out(home)
    asked = "select distinct journey_id, touchpoint_id, metric, respondent_count from {} order by all"
    shown = set(rows(home, asked.format("marts.journey_metrics")))
    assert ("working", "office", "enps", 7) in shown
    assert ("working", "all", "enps", 7) in shown
    assert ("buying", "desk", "csat", 2) in shown
    assert ("all", "all", "csat", 5) in shown
    assert not [row for row in shown if row[0] == "working" and row[3] < 5]
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        inside = set(connection.execute(asked.format("marts.journey_metrics")).fetchall())
    assert ("working", "canteen", "csat", 3) in inside
    assert {row for row in inside - shown if row[0] != "all"} == {
        row for row in inside if row[0] == "working" and row[3] < 5
    }
    with duckdb.connect() as connection:
        file = home / "published" / "parquet" / "journey_metrics.parquet"
        query = asked.format(f"read_parquet('{file}')")
        assert set(connection.execute(query).fetchall()) == shown


def test_a_pooled_row_of_few_employees_alone_stays_inside(home: Path) -> None:
    change(home, "update marts.journey_metrics set respondent_count = 4 where metric = 'enps'")
    put_out(home)
    assert rows(home, "select * from journey_metrics where metric = 'enps'") == []
    assert rows(home, "select distinct journey_id from journey_metrics order by all") == [
        ("all",),
        ("buying",),
    ]


def test_every_mart_that_counts_respondents_is_protected(home: Path) -> None:
    counting = "select distinct table_name from duckdb_columns() where column_name = 'respondent_count'"
    put_out(home)
    counting_customers = {name for name in SOURCES if "pain_point" in SOURCES[name]} | {"outcomes"}
    assert {name for (name,) in rows(home, counting)} == {"journey_scores", *SOURCES} - counting_customers
    told = "select distinct table_name from duckdb_columns() where column_name = 'customer_count'"
    assert {name for (name,) in rows(home, told)} <= counting_customers


def test_what_is_made_of_small_cells_of_employees_stays_inside_too(home: Path) -> None:
    """Three employees told of the canteen; the same number of customers, or nobody, is no secret."""
    change(home, "update marts.goal_progress set respondent_count = 3 where goal_id = 'canteen csat'")
    change(
        home,
        "update marts.goal_progress as goals set respondent_count = 7 where goal_id = 'office enps'",
        "insert into marts.journey_metrics by name select * replace ('rolling_90d' as period) "
        "from marts.journey_metrics where period = 'all'",
    )
    put_out(home)
    assert set(rows(home, "select touchpoint_id from touchpoint_map")) == {("desk",), ("office",)}
    goals = rows(home, "select goal_id from goal_progress order by all")
    assert goals == [("desk ces",), ("desk csat",), ("office enps",)]
    told = (
        "select touchpoint_id, metric, score_class, customer_count from outcomes where segment_type = 'all'"
    )
    shown = set(rows(home, f"{told} and journey_id <> 'all'"))
    assert shown == {
        *((place, "enps", "passive", 7) for place in ("office", "all")),
        *((place, "csat", kind, 1) for place in ("desk", "all") for kind in ("bottom", "top")),
    }
    pooled = set(rows(home, f"{told} and journey_id = 'all'"))
    assert pooled == {("all", "enps", "passive", 7), ("all", "csat", "bottom", 4), ("all", "csat", "top", 1)}


def test_what_few_employees_complain_of_stays_inside_too(home: Path) -> None:
    """Three employees complain of the canteen, one customer of the desk, two of whose causes are the same."""
    pains = "insert into marts.pain_points (pain_point_id, journey_id, customer_count) values"
    change(
        home,
        f"{pains} ('canteen', 'working', 3), ('office', 'working', 5), ('desk', 'buying', 1)",
        *(
            f"insert into marts.{mart} (pain_point_id) select pain_point_id from marts.pain_points"
            for mart in ("pain_point_answers", "priorities")
        ),
        "insert into marts.key_battles (battle_id) values ('food'), ('chairs')",
        "insert into marts.key_battle_pain_points values ('food', 'canteen'), ('food', 'desk'), "
        "('chairs', 'office')",
    )
    put_out(home)
    for mart in ("pain_points", "pain_point_answers", "priorities"):
        assert rows(home, f"select pain_point_id from {mart} order by all") == [("desk",), ("office",)], mart
    assert rows(home, "from key_battle_pain_points order by all") == [("chairs", "office"), ("food", "desk")]
    assert rows(home, "select battle_id from key_battles") == [("chairs",)]


def test_nobodys_contacts_are_published(home: Path) -> None:
    put_out(home)
    put_out(home, "b2", hours=1)
    published = home / "published"
    forms = [path.read_bytes() for path in published.rglob("*") if path.is_file()]
    names = [name for (name,) in rows(home, "select table_name from information_schema.tables")]
    with duckdb.connect(str(published / "marts.duckdb"), read_only=True) as connection:
        forms += [repr(connection.execute(f"from {name}").fetchall()).encode() for name in names]
        forms.append(repr(connection.execute("from duckdb_columns()").fetchall()).encode())
    with duckdb.connect() as connection:
        for name in names:
            query = f"from read_parquet('{published / 'parquet' / name}.parquet')"
            forms.append(repr(connection.execute(query).fetchall()).encode())
    leaked = [secret for secret in PLANTED if any(secret.encode() in form for form in forms)]
    assert leaked == []
    assert any("Æthelred".encode() in form for form in forms)  # comments are as they were written


def test_the_home_holds_what_must_not_leak(built: Home) -> None:
    """Without this the test above could pass on an empty home."""
    private = {row["value"] for row in built.rows("select value from private.contacts")}
    assert set(PLANTED[:8]) <= private


def test_duckdb_1_4_reads_every_table(home: Path) -> None:
    for number in range(3):
        change(home, f"update marts.responses set channel = 'kiosk {number}'")
        put_out(home, f"b{number}")
    script = """
        import duckdb, sys
        assert duckdb.__version__.startswith("1.4."), duckdb.__version__
        con = duckdb.connect(sys.argv[1], read_only=True)
        con.execute("from marts.journey_metrics").fetchall()
        names = con.execute("select table_name from information_schema.tables order by all").fetchall()
        for (name,) in names:
            print(name, len(con.execute(f"from {name}").fetchall()))
        bare = "select count(*) from duckdb_columns() where not internal and comment is null"
        print("bare", con.execute(bare).fetchone()[0])
    """
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(home / "published" / "marts.duckdb")],
        env={**os.environ, "PYTHONPATH": str(old_duckdb())},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 0, said.stderr
    found = dict(line.rsplit(" ", 1) for line in said.stdout.splitlines())
    names = [name for (name,) in rows(home, "select table_name from information_schema.tables")]
    assert found == {
        "bare": "0",
        **{name: str(rows(home, f"select count(*) from {name}")[0][0]) for name in names},
    }


def test_what_did_not_change_is_not_written(home: Path) -> None:
    put_out(home)
    before = parquet_times(home)
    change(home, "update marts.responses set channel = 'door'")
    done = put_out(home, "b2", hours=1)
    after = parquet_times(home)
    assert {table.name for table in done.tables if table.written} == {"about", "findings", "responses"}
    assert {name for name in after if after[name] != before[name]} == {"about", "findings", "responses"}
    assert not done.is_afresh
    assert differences(home) == {}


def test_an_idle_publication_writes_only_what_must_be_told(home: Path) -> None:
    put_out(home)
    before = parquet_times(home)
    change(home, "update marts.responses set channel = 'unseen'")  # a build of that name was published
    put_out(home, hours=1)
    assert {name for name, at in parquet_times(home).items() if at != before[name]} == {"about"}
    assert rows(home, "select hour(published_at) from about") == [(17,)]


def test_the_first_publication_of_a_day_leaves_nothing_old_behind(home: Path) -> None:
    secret = "a comment that its writer took back, in full length, so that it is seen"
    judged = "intermediate.int_answers_judged"
    change(home, f"update {judged} set value_text = '{secret}' where metric = 'comment'")
    put_out(home)
    assert rows(home, "select text from comments") == [(secret,)]
    change(home, f"delete from {judged} where metric = 'comment'")
    assert put_out(home, "b2", hours=24).is_afresh
    assert not any(
        secret.encode() in path.read_bytes() for path in (home / "published").rglob("*") if path.is_file()
    )
