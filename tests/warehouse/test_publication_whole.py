"""Whole for everyone, always: readers, other users, kill -9, damage, and analysts who write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.published import big, change, differences, put_out, rows

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_files_are_readable_as_the_umask_says(home: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        put_out(home)
        put_out(home, "b2")
    finally:
        os.umask(before)
    for path in (home / "published").rglob("*"):
        wanted = (0o777 if path.is_dir() else 0o666) & ~umask
        assert path.stat().st_mode & 0o777 == wanted, path


def damage_text(file: Path) -> None:
    file.write_text("not a database")


def damage_end(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def damage_log(file: Path) -> None:
    file.with_name("marts.duckdb.wal").write_bytes(b"log of another file" * 100)


def damage_parquet(file: Path) -> None:
    (file.parent / "parquet" / "answers.parquet").write_bytes(b"nonsense")


def damage_missing(file: Path) -> None:
    (file.parent / "parquet" / "answers.parquet").unlink()


def damage_own_table(file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema own")
        connection.execute("create table own.notes as select 'mine' as note")
        connection.execute("create view my_view as from answers")
        connection.execute("delete from answers")


@pytest.mark.parametrize(
    "damage", [damage_text, damage_end, damage_log, damage_parquet, damage_missing, damage_own_table]
)
def test_whatever_lies_there_the_next_publication_is_whole(
    home: Path, damage: Callable[[Path], None]
) -> None:
    put_out(home)
    damage(home / "published" / "marts.duckdb")
    put_out(home, "b2")
    assert differences(home) == {}
    assert not list((home / "published").glob("*.wal"))
    assert rows(home, "select table_name from duckdb_tables() where schema_name <> 'main'") == []
    assert rows(home, "select view_name from duckdb_views() where not internal") == [("journey_scores",)]


READER = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
for _ in sys.stdin:
    query = "select (select build_id from about), min(channel), count(*) from responses"
    print(con.execute(query).fetchall()[0], flush=True)
"""


@pytest.mark.parametrize("mode", ["read", "write"])
def test_an_open_reader_sees_one_build_and_blocks_nobody(home: Path, mode: str) -> None:
    change(home, "update marts.responses set channel = 'b1'")
    put_out(home)
    number = rows(home, "select count(*) from responses")[0][0]
    words = [sys.executable, "-c", READER, str(home / "published" / "marts.duckdb"), mode]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin and reader.stdout

        def asked() -> str:
            reader.stdin.write("\n")  # type: ignore[union-attr]
            reader.stdin.flush()  # type: ignore[union-attr]
            return reader.stdout.readline().strip()  # type: ignore[union-attr]

        seen = asked()
        for build in ("b2", "b3"):
            change(home, f"update marts.responses set channel = '{build}'", "delete from marts.customers")
            put_out(home, build)
            assert rows(home, "select build_id, min(channel) from about, responses group by 1") == [
                (build, build)
            ]
            assert asked() == seen
        assert seen == f"('b1', 'b1', {number})"
        reader.stdin.close()
    put_out(home, "b4")
    assert differences(home) == {}


PUBLISHER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from flows.warehouse.publication import Occasion, publish
print("ready", flush=True)
occasion = Occasion(sys.argv[2], datetime(2026, 5, 8, 17, tzinfo=UTC), "1", "UTC")
publish(Path(sys.argv[1]), occasion, {"runs": [], "findings": []})
print("done", flush=True)
"""


def test_killed_at_any_instant_the_files_stay_whole(home: Path) -> None:
    big(home)
    put_out(home, "b0")
    dice = random.Random(7)
    killed = []
    for number in range(1, 11):
        change(
            home,
            f"update marts.answers set value = {number}",
            f"update marts.responses set channel = 'b{number}'",
        )
        before = rows(home, "select build_id from about")
        words = [sys.executable, "-c", PUBLISHER, str(home), f"b{number}"]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as publisher:
            assert publisher.stdout and publisher.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0, 0.9))
            publisher.send_signal(signal.SIGKILL)
            killed.append(publisher.stdout.readline() != "done\n")
        about = rows(home, "select build_id from about")
        told = rows(home, "select distinct channel from responses")
        assert about in (before, [(f"b{number}",)])
        assert told == about or about == [("b0",)]
        for file in (home / "published" / "parquet").glob("*.parquet"):
            duckdb.execute(f"from read_parquet('{file}')").fetchall()
    assert sum(killed) >= 3, killed
    put_out(home, "last")
    assert differences(home) == {}
    assert {path.name for path in (home / "published").iterdir()} == {"marts.duckdb", "parquet"}
