"""How dbt is run: in this process, quietly, its outcome told as plain words and numbers.

Only `transform` uses it. dbt writes nothing beside the project: its files lie in the home's folder `dbt`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from flows import settings
from flows.records import HeardbackError
from flows.report import Advance

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
TAMED = (
    "--no-version-check",
    "--quiet",
    "--no-use-colors",
    "--log-level",
    "none",
    "--log-level-file",
    "none",
)
_PROJECTS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Tested:
    """Tell how one data test ended: its name, what it holds, pass, warn, fail or error, failing rows."""

    name: str
    sentence: str
    status: str
    failures: int | None


@dataclass(frozen=True, slots=True)
class Built:
    """Hold what the tests said (None: they did not run) and the project as dbt read it."""

    tested: list[Tested] | None
    project: Any


def prepare(home: Path) -> None:
    """Tell dbt where raw, warehouse and its own files are; dbt knows these by environment variables only."""
    (home / "dbt").mkdir(parents=True, exist_ok=True)
    _tell(home, home)


def _tell(home: Path, data: Path) -> None:
    settings.set_environment(
        {
            "HEARDBACK_RAW_FILE": str(data / "raw.duckdb"),
            "HEARDBACK_WAREHOUSE_FILE": str(data / "warehouse.duckdb"),
            "HEARDBACK_TEMP": str(data / "temp"),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_LOG_PATH": str(home / "dbt"),
            "DO_NOT_TRACK": "1",
        }
    )


def build(
    home: Path,
    words: Iterable[str],
    tools: Iterable[str],
    advance: Advance,
    *,
    with_tests: bool,
    between: Callable[[], tuple[str, ...]] = tuple,
) -> Built:
    """Run the models that `words` select, then, where asked, every data test.

    Of the tools' staging folders only those named in `tools` are part of the project.

    `between` works on what was built while dbt lets go of the warehouse, and says which models to make again.

    Raises HeardbackError with the first model that failed and why, without data.
    """
    chosen = json.dumps({"tools": list(tools)})
    tamed = [*TAMED, "--target-path", str(target(home)), "--vars", chosen]
    try:
        manifest = _read(home, tamed, chosen)
        invoke(dbtRunner(manifest, callbacks=[_counter(advance)]), ["run", *words, *tamed])
        DuckDBConnectionManager.close_all_connections()
        if again := between():
            invoke(dbtRunner(manifest, callbacks=[_counter(advance)]), ["run", *again, *tamed])
        if not with_tests:
            return Built(None, None)
        tests = dbtRunner(manifest, callbacks=[_counter(advance)])
        outcome = tests.invoke(["test", "--resource-type", "test", *tamed])
        if outcome.exception is not None:
            raise HeardbackError(f"dbt could not test the marts: {without_data(str(outcome.exception))}")
        return Built([_tested(result) for result in outcome.result.results], manifest)  # type: ignore[union-attr]
    finally:
        DuckDBConnectionManager.close_all_connections()


def _read(home: Path, tamed: list[str], chosen: str) -> Any:
    """Let dbt read the project, or what it kept of that; once in a process for what is chosen of it.

    Where the data lie is told afterwards: dbt would read everything again for a home that has moved.
    """
    if chosen not in _PROJECTS:
        (home / "dbt").mkdir(parents=True, exist_ok=True)
        _tell(home, Path())
        _PROJECTS[chosen] = invoke(dbtRunner(), ["parse", *tamed]).result
    prepare(home)
    return _PROJECTS[chosen]


def target(home: Path) -> Path:
    """Name the folder of what dbt parsed and compiled: with the home, unless the operator named another."""
    chosen = settings.environment("DBT_TARGET_PATH")
    return Path(chosen) if chosen is not None else home / "dbt" / "target"


def invoke(runner: dbtRunner, words: list[str]) -> dbtRunnerResult:
    """Let dbt do something; raises HeardbackError with the first thing that failed, without data."""
    outcome = runner.invoke(words)
    if outcome.exception is not None:
        raise HeardbackError(f"dbt could not start: {without_data(str(outcome.exception))}")
    if not outcome.success:
        raise HeardbackError(_failure(outcome))
    return outcome


def _failure(outcome: dbtRunnerResult) -> str:
    results: list[Any] = list(getattr(outcome.result, "results", []))
    broken = [result for result in results if result.status in ("error", "fail")]
    skipped = sum(result.status == "skipped" for result in results)
    if not broken:
        return "dbt failed without saying where."
    also = f" ({len(broken) - 1} more failed, {skipped} were skipped)" if len(broken) > 1 or skipped else ""
    return (
        f"the model '{broken[0].node.name}' could not be built{also}: {without_data(broken[0].message or '')}"
    )


def without_data(message: str) -> str:
    """Give the line that says what went wrong, with everything quoted taken out: dbt quotes answers, too."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    telling = next((line for line in lines if re.match(r"[A-Z][A-Za-z ]*Error: ", line)), "")
    telling = telling or next(
        (line for line in lines if not line.startswith("Runtime Error")), message.strip()
    )
    telling = re.sub(r"\"[^\"]*(\"|$)|(?<!\w)'[^']*('|$)", "'…'", telling)
    return telling[:300]


def _counter(advance: Advance) -> Callable[[Any], None]:
    def heard(event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            advance(0, total=event.data.node_count)
        elif event.info.name == "NodeFinished":
            advance(1, description=event.data.node_info.node_name)

    return heard


def _tested(result: Any) -> Tested:
    node = result.node
    failures = int(result.failures) if result.failures is not None else None
    return Tested(node.name, node.description or _sentence(node), str(result.status), failures)


_SENTENCES = {
    "keyed_by": "no row of {model} lacks {columns}, and no two share it",
    "never_missing": "no row of {model} lacks {columns}",
    "relationships": "every {column} of {model} is known in {to}",
    "accepted_values": "{column} of {model} holds known words only",
}


def _sentence(node: Any) -> str:
    told = getattr(node, "test_metadata", None)
    if told is None or told.name not in _SENTENCES:
        return str(node.name).removeprefix("assert_").replace("_", " ")
    given = told.kwargs
    model = re.sub(r".*ref\('([^']*)'\).*", r"\1", given.get("model", ""))
    words = {
        "model": model,
        "column": given.get("column_name", ""),
        "columns": ", ".join(given.get("columns", [])),
        "to": re.sub(r"ref\('([^']*)'\)", r"\1", given.get("to", "")),
    }
    return _SENTENCES[told.name].format(**words)
