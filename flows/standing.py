"""How the installation stands, as `heardback status` tells it: read from publication and ledger."""

from __future__ import annotations

from typing import Any

from flows import ledger
from flows.settings import Settings
from flows.warehouse.marts import published_rows

_QUARANTINE = """
select source_name, level, reason, count(*) as count
from quarantine group by all order by count desc, reason limit 20
"""


def standing(chosen: Settings) -> dict[str, Any]:
    """Gather last runs, sources, quarantine, findings, follow-ups and waiting letters as plain data."""
    now = chosen.now()
    marts = chosen.home_folder / "published" / "marts.duckdb"
    with ledger.open_ledger(chosen.ledger_address) as book:
        runs = ledger.runs(book)
        findings = [finding for finding in ledger.latest_findings(book) if finding["outcome"] != "held"]
        follow_ups = ledger.follow_up_counts(book, now)
        waiting = ledger.letters_waiting(book)
    good = [run["ended_at"] for run in runs if run["exit_status"] == 0 and run["ended_at"] is not None]
    return {
        "now": now,
        "runs": runs[-5:],
        "last_good_run_age_seconds": int((now - max(good)).total_seconds()) if good else None,
        "sources": published_rows(marts, "select * from sources order by source_name"),
        "quarantine": published_rows(marts, _QUARANTINE),
        "findings": findings,
        "follow_ups": follow_ups,
        "letters_waiting": waiting,
    }
