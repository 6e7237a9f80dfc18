"""What is published equals the warehouse after any change, though only what changed is written."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.mirroring import digest_of, mirror
from tests.warehouse.published import big, change, differences, put_out, rows

CHANGES = (
    "insert into marts.answers select md5('n' || random()), 'n' || i, 5, 'a', {load} from range({few}) t(i)",
    "delete from marts.answers where hash(response_key) % 997 = {few}",
    "update marts.answers set value = 1 + value, load_id = {load} where hash(answer_key) % 1999 = {few}",
    "update marts.answers set metric = null where hash(answer_key) % 2999 = {few}",
    "insert into marts.answers select * from marts.answers where hash(answer_key) % 3001 = {few}",
    "update marts.answers set response_key = answer_key, answer_key = response_key where load_id % {few} = 1",
    "delete from marts.answers where load_id = {load} - 1",
    "update marts.answers set load_id = null where hash(answer_key) % 4001 = {few}",
    "insert into marts.responses select * replace ('x{few}' as response_key) from marts.responses limit 1",
    "update marts.journey_metrics set score = score + {few} where period = 'day'",
)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_the_publication_equals_the_warehouse(home: Path, seed: int) -> None:
    big(home)
    put_out(home)
    dice = random.Random(seed)
    written = []
    for step in range(8):
        for text in dice.sample(CHANGES, dice.randint(1, 3)):
            change(home, text.format(load=4 + step, few=dice.randint(1, 90)))
        done = put_out(home, f"after {step}", hours=0.1)
        written += [table.written for table in done.tables if table.name == "answers"]
        assert differences(home) == {}, (seed, step)
    assert any(0 < number < 20_000 for number in written), written  # by parts, not as a whole


def test_a_file_that_is_published_often_stays_small(home: Path) -> None:
    big(home)
    put_out(home)
    first = (home / "published" / "marts.duckdb").stat().st_size
    for step in range(12):
        change(home, f"update marts.answers set value = {step} where hash(answer_key) % 20 = {step}")
        put_out(home, f"b{step}", hours=0.1)
    assert (home / "published" / "marts.duckdb").stat().st_size < 2 * first


def test_a_mart_that_is_no_more_or_has_other_columns(home: Path) -> None:
    put_out(home)
    change(
        home,
        "drop table marts.unmapped_questions",
        "alter table marts.quarantine add column more integer",
        "alter table marts.sources alter column response_count type varchar",
        "create table marts.answers__dbt_tmp as select 1 as one",
        "drop view marts.goals",
        "create table marts.goals as select 'g' as goal_id",
    )
    put_out(home, "b2")
    names = {name for (name,) in rows(home, "select table_name from information_schema.tables")}
    assert names == {path.stem for path in (home / "published" / "parquet").iterdir()}
    assert "unmapped_questions" not in names and "answers__dbt_tmp" not in names
    change(home, "drop table marts.answers__dbt_tmp")
    assert differences(home) == {}


def test_a_row_that_gives_way_to_one_of_the_same_bucket_is_seen() -> None:
    """Counts per bucket stay as they were: only the digests tell."""
    with duckdb.connect() as connection:
        connection.execute("create table source as select i as id from range(30000) as t(i)")
        connection.execute("create table target as from source")
        connection.execute(
            "update source set id = (select min(i) from range(30000, 200000) as t(i) "
            "where hash(i) % 4096 = hash(7::bigint) % 4096) where id = 7"
        )
        done = mirror(connection, "t", "source", "target")
        assert connection.execute("(from source except all from target)").fetchall() == []
        assert 0 < done.written < 50
        assert done.digest == digest_of(connection, "target")
        assert mirror(connection, "t", "source", "target").written == 0
