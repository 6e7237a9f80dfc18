"""Replace the files analysts read, in one step: never half a build, never a file that is in use.

reads: marts, ledger (runs, findings); writes: published/marts.duckdb, published/parquet/<mart>.parquet, and
site/index.html, the report that is made of these files alone
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger
from flows.orchestration import VERSION, Work, at_work
from flows.pages.report import write_report
from flows.warehouse.marts import current_build
from flows.warehouse.publication import FILE, FOLDER, Occasion, Published
from flows.warehouse.publication import publish as replace_files
from flows.warehouse.reporting import report_rows


@flow(name="publish")
def publish() -> None:
    """Publish the present build if its checks passed; raises Withheld otherwise."""
    with at_work("publish") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        build_id = current_build(work.home)
        ledger.require_passed(book, build_id)
        done = replace(book, work, str(build_id))
        tell(work, done, str(build_id), report(work))


@task(cache_policy=NO_CACHE, persist_result=False)
def replace(book: ledger.Ledger, work: Work, build_id: str) -> Published:
    """Bring the published files up to the marts. Read in here: Prefect looks through all it is handed."""
    zone = work.settings.configuration.company.timezone
    kept = {"runs": ledger.runs(book), "findings": ledger.findings(book, build_id)}
    with work.report.progress("publishing") as advance:
        return replace_files(work.home, Occasion(build_id, work.now, VERSION, zone), kept, advance)


@task(cache_policy=NO_CACHE, persist_result=False)
def report(work: Work) -> Path:
    """Write the report out of what was just published; after a kill before this the next publication does."""
    company = work.settings.configuration.company
    rows = report_rows(work.home / FOLDER / FILE)
    return write_report(work.home / "site", rows, company.name, company.timezone)


def tell(work: Work, done: Published, build_id: str, page: Path) -> None:
    """Say what is published now, and how much of it had to be written."""
    written = sum(table.written for table in done.tables)
    changed = sum(table.written > 0 for table in done.tables)
    work.report.count("tables_published", changed)
    work.report.count("rows_published", written)
    how = "written anew" if done.is_afresh else f"{changed} tables changed"
    work.report.line("publish", f"build {build_id} is published ({how}, {written:,} rows); report: {page}")
