"""dbt's own unit tests hold on a warehouse that was built from nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dbt.cli.main import dbtRunner

from tests.homes import Home


def test_every_unit_test_of_the_project_holds(tmp_path: Path) -> None:
    home = Home(tmp_path, datetime(2026, 5, 4, 9, tzinfo=UTC))
    home.build()

    told = ["--quiet", "--no-version-check", "--target-path", str(tmp_path / "dbt" / "target")]
    outcome = dbtRunner().invoke(["test", "--resource-type", "unit_test", *told])

    assert outcome.exception is None
    results = {result.node.name: (result.status, result.message) for result in outcome.result.results}
    assert len(results) >= 2
    assert {status for status, _ in results.values()} == {"pass"}, results
