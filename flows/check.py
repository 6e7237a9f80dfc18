"""Ask whether the marts can be trusted; a critical finding ends the road here.

reads: marts; writes: ledger (findings, whether the build passed), site (pages that show what was checked)
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from expectations import verdict
from flows import ledger
from flows.orchestration import Work, at_work
from flows.records import Finding, Withheld
from flows.warehouse import audits
from flows.warehouse.marts import current_build


@flow(name="check")
def check() -> None:
    """Judge the present build; raises Withheld when a critical check is broken or could not look."""
    with at_work("check") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        build_id = current_build(work.home)
        if build_id is None:
            ledger.require_passed(book, None)
        work.build_id = build_id
        if _has_passed(book, build_id):
            work.report.line("check", f"build {build_id} was checked already, and passed.")
            return
        findings = judge(work, book, str(build_id))
        stops = verdict.stopping(findings)
        sentence = verdict.sentence_of(str(build_id), stops)
        ledger.record_build(book, str(build_id), not stops, sentence, findings, work.now)
        audits.remember_audit(work.home)
        tell(work, findings)
        leave_artifact(work, findings)
        ledger.require_passed(book, build_id)


@task(cache_policy=NO_CACHE, persist_result=False)
def judge(work: Work, book: ledger.Ledger, build_id: str) -> list[Finding]:
    """Check the marts and hear what dbt's tests said: everything once a day, later only what is new.

    A check that did not hold when the last build was checked looks at everything until it holds again.
    """
    from expectations.audit import NOTHING_COVERED, Covered, audit  # takes seconds: only where it is needed

    load_id = audits.audited_load(work.home)
    covered = NOTHING_COVERED
    if load_id is not None:
        last = ledger.latest_findings(book)
        covered = Covered(load_id, frozenset(one["check_name"] for one in last if one["outcome"] == "held"))
    with work.report.progress("checking the marts"):
        found = audit(work.home / "warehouse.duckdb", work.home / "site", build_id, work.now, covered)
    return [*found, *verdict.of_dbt(audits.test_results(work.home))]


def tell(work: Work, findings: list[Finding]) -> None:
    """Say each check that does not hold or could not look, and how many hold."""
    wrong = [one for one in findings if verdict.is_broken(one) or verdict.could_not_run(one)]
    for one in wrong:
        work.report.warn(f"{one.severity}: {verdict.told(one)}.", "check")
    held = sum(one.outcome == "held" for one in findings)
    quiet = len(findings) - held - len(wrong)
    unsure = f", {quiet} have too little to go by" if quiet else ""
    work.report.count("checks_held", held)
    work.report.count("checks_not_held", len(wrong))
    work.report.line("check", f"{held} checks hold, {len(wrong)} do not{unsure}; pages: {_pages(work)}")


def leave_artifact(work: Work, findings: list[Finding]) -> None:
    """Leave a table of what does not hold with the flow run, and the way to the pages."""
    rows = [
        f"| {one.severity} | {one.outcome.replace('_', ' ')} | {one.sentence} | {one.observed} |"
        for one in findings
        if one.outcome != "held"
    ]
    table = ["| severity | outcome | what must hold | observed |", "|---|---|---|---|", *rows]
    held = "Every check holds." if not rows else "\n".join(table)
    create_markdown_artifact(
        key="what-was-checked",
        markdown=f"{held}\n\n[What was checked]({_pages(work).as_uri()})",
        description=f"Build {work.build_id}",
    )


def _pages(work: Work) -> Path:
    return work.home / "site" / "data-docs" / "index.html"


def _has_passed(book: ledger.Ledger, build_id: str | None) -> bool:
    try:
        ledger.require_passed(book, build_id)
    except Withheld:
        return False
    return True
