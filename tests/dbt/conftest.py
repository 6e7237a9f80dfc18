"""The project compiled for both engines: as it is, and with the Spark side of every seam."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.warehouse import raw

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEAM = re.compile(r"{% macro (duckdb|spark)__(\w+)")


def compiled(project: Path, home: Path) -> dict[str, str]:
    """Compile every model and data test of a project; gives SQL by the file's path below the target."""
    with raw.opened(home):
        pass
    environment = {
        **os.environ,
        "HEARDBACK_WAREHOUSE_FILE": str(home / "warehouse.duckdb"),
        "HEARDBACK_RAW_FILE": str(home / "raw.duckdb"),
        "HEARDBACK_TEMP": str(home / "temp"),
        "DBT_PROFILES_DIR": str(project),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "--quiet",
        "--no-version-check",
        "compile",
        "--project-dir",
    ]
    done = subprocess.run(
        [*command, str(project)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = home / "target" / "compiled" / "heardback"
    found = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.sql")
    }
    return {name: sql for name, sql in found.items() if ".yml" not in name}


def pretend_built(home: Path) -> None:
    """Put an empty table where every incremental model would be, so that the increments are compiled too."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        for path in (PROJECT / "models").rglob("*.sql"):
            if "materialized='incremental'" in path.read_text(encoding="utf-8"):
                folder = path.relative_to(PROJECT / "models").parts[0]
                connection.execute(f"create schema if not exists {folder}")
                connection.execute(f"create table {folder}.{path.stem} (load_id bigint)")
        connection.execute("create schema computed")
        connection.execute(
            "create table computed.theme_patterns as from (values (0, 'a', '*', 'l''attente|\\$', null, 10), "
            "(1, 'b', 'pt-BR', 'já', '\U0010fffejá', 10)) as rows"
            "(pattern_no, theme_id, language, plain, marked, steps)"
        )


@pytest.fixture(scope="session")
def for_duckdb(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Compile the increments for DuckDB."""
    home = tmp_path_factory.mktemp("compiled_for_duckdb")
    pretend_built(home)
    return compiled(PROJECT, home)


@pytest.fixture(scope="session")
def for_spark(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Compile the increments with the Spark side of every seam, out of a copy where the sides are swapped."""
    home = tmp_path_factory.mktemp("compiled_for_spark")
    project = home / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    swapped = {"duckdb": "unused", "spark": "duckdb"}
    for path in (project / "macros").glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            SEAM.sub(lambda side: f"{{% macro {swapped[side[1]]}__{side[2]}", text), encoding="utf-8"
        )
    pretend_built(home)
    return compiled(project, home)
