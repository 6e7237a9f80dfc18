"""What `check` said about each build, and the gate that lets only a good one through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from flows.ledger.opening import Ledger
from flows.ledger.tables import builds
from flows.ledger.tables import findings as findings_table
from flows.records import Finding, Withheld

NOTHING_WENT_OUT = "nothing was published or sent"


def record_build(
    ledger: Ledger, build_id: str, passed: bool, sentence: str, findings: list[Finding], at: datetime
) -> None:
    """Write a build's verdict and findings; checking the same build again replaces what was said.

    `sentence` says, for a build that failed, what is wrong. `since` of a finding is kept from the build
    checked before as long as its outcome stays the same.
    """
    with ledger.writing() as connection:
        since = _since(connection, build_id)
        connection.execute(delete(findings_table).where(findings_table.c.build_id == build_id))
        connection.execute(delete(builds).where(builds.c.build_id == build_id))
        verdict = {"build_id": build_id, "checked_at": at, "passed": passed, "sentence": sentence}
        connection.execute(insert(builds), [verdict])
        rows = [_row(build_id, one, since.get((one.check_name, one.outcome), at)) for one in findings]
        if rows:
            connection.execute(insert(findings_table), rows)


def require_passed(ledger: Ledger, build_id: str | None) -> None:
    """Let a build pass only if its checks did; raises Withheld with the sentence that says why not."""
    if build_id is None:
        raise Withheld(f"There is no finished build yet: run `heardback transform`; {NOTHING_WENT_OUT}.")
    with ledger.reading() as connection:
        query = select(builds.c.passed, builds.c.sentence).where(builds.c.build_id == build_id)
        verdict = connection.execute(query).first()
    if verdict is None:
        raise Withheld(f"Build {build_id} was not checked yet: run `heardback check`; {NOTHING_WENT_OUT}.")
    if not verdict.passed:
        raise Withheld(f"{verdict.sentence.rstrip(' .')}; {NOTHING_WENT_OUT}.")


def findings(ledger: Ledger, build_id: str | None = None) -> list[dict[str, Any]]:
    """List findings of one build (default: of all), ordered by build and check; `since` is aware UTC."""
    query = select(findings_table).order_by(findings_table.c.build_id, findings_table.c.check_name)
    if build_id is not None:
        query = query.where(findings_table.c.build_id == build_id)
    with ledger.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def latest_findings(ledger: Ledger) -> list[dict[str, Any]]:
    """List the findings of the build that was checked last."""
    newest = select(builds.c.build_id).order_by(builds.c.checked_at.desc(), builds.c.build_id.desc()).limit(1)
    with ledger.reading() as connection:
        build_id = connection.execute(newest).scalar()
    return findings(ledger, build_id) if build_id is not None else []


def _since(connection: Connection, build_id: str) -> dict[tuple[str, str], datetime]:
    last = select(builds.c.build_id).order_by(builds.c.checked_at.desc(), builds.c.build_id.desc()).limit(1)
    before = connection.execute(last.where(builds.c.build_id != build_id)).scalar()
    own = connection.execute(select(builds.c.build_id).where(builds.c.build_id == build_id)).scalar()
    query = select(findings_table.c.check_name, findings_table.c.outcome, findings_table.c.since)
    rows = connection.execute(query.where(findings_table.c.build_id == (own or before)))
    return {(row.check_name, row.outcome): row.since for row in rows}


def _row(build_id: str, one: Finding, since: datetime) -> dict[str, Any]:
    return {
        "build_id": build_id,
        "check_name": one.check_name,
        "sentence": one.sentence,
        "severity": one.severity,
        "outcome": one.outcome,
        "observed": one.observed,
        "expected": one.expected,
        "since": since,
    }
