"""`idle_run_vs_imports`: a whole run with nothing new beside bare imports of what it stands on."""

from __future__ import annotations

import contextlib
import csv
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.harness import BUILD, middle, process, python

ROUNDS = 5
CONFIGURATION = """
sources:
  - {name: kiosk, tool: files, path: answers.csv, survey_id: visit, response_id: "{id}", submitted_at: "{at}"}
"""


def measure() -> dict[str, float]:
    """Give the median of idle runs by that of bare imports with an embedded Prefect API, interleaved."""
    folder = BUILD / "bench" / "idle"
    shutil.rmtree(folder, ignore_errors=True)
    environment = prepare(folder)
    command = [sys.executable, "-m", "flows.cli", "run"]
    for _ in range(2):  # the first fills, the second hears what the first one did
        process(command, environment)
    idle, bare = [], []
    for _ in range(ROUNDS):
        bare.append(python("benchmarks.idle", folder / "prefect"))
        idle.append(process(command, environment))
    return {
        "idle_run_vs_imports": middle(idle) / middle(bare),
        "idle_run_seconds": middle(idle),
        "imports_seconds": middle(bare),
    }


def prepare(folder: Path) -> dict[str, str]:
    """Draft a small installation with 500 answers; gives its environment."""
    from flows.drafting import draft

    folder.mkdir(parents=True)
    now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "at", "nps", "comment"])
        for number in range(500):
            at = now - timedelta(hours=number + 1)
            table.writerow(
                [number, at.isoformat(), number * 7 % 11, f"answer {number}" if number % 3 else ""]
            )
    draft(folder, folder / "answers.csv", now)
    (folder / "heardback.yml").write_text(CONFIGURATION, encoding="utf-8")
    return {
        "HEARDBACK_HOME": str(folder / "home"),
        "HEARDBACK_CONFIG": str(folder / "heardback.yml"),
        "HEARDBACK_NOW": now.isoformat(),
    }


def imports(home: Path) -> None:
    """Import what a run stands on; start Prefect's API and stop it."""
    import dbt.cli.main
    import duckdb
    import great_expectations
    import prefect
    import sqlalchemy

    from flows.prefect_server import prefect_api

    assert dbt.cli.main and duckdb and great_expectations and prefect and sqlalchemy
    home.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(prefect_api(home))


if __name__ == "__main__":
    imports(Path(sys.argv[1]))
