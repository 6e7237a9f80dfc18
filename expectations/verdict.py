"""What findings amount to: may this build be published and written about? Knows no Great Expectations."""

from __future__ import annotations

from collections.abc import Iterable

from flows.records import Finding

NOTHING = "nothing to judge yet"
_NAMED = 3
_DBT = "dbt_tests_hold"


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """List what withholds a build: critical checks that are broken or that could not look.

    One that looked and found nothing to judge (a new installation) withholds nothing: that marts are empty
    although raw is not is a critical check of its own.
    """
    return [one for one in findings if one.severity == "critical" and (is_broken(one) or could_not_run(one))]


def is_broken(finding: Finding) -> bool:
    """Tell whether a check found what must not be."""
    return finding.outcome == "broken"


def could_not_run(finding: Finding) -> bool:
    """Tell whether a check failed to look, rather than found nothing to judge."""
    return finding.outcome == "could_not_tell" and finding.observed != NOTHING


def sentence_of(build_id: str, stops: list[Finding]) -> str:
    """Say in one sentence why a build is withheld; empty where nothing stops it."""
    if not stops:
        return ""
    named = "; ".join(told(one) for one in stops[:_NAMED])
    more = f"; and {len(stops) - _NAMED} more" if len(stops) > _NAMED else ""
    count = "a critical check does" if len(stops) == 1 else f"{len(stops)} critical checks do"
    return f"Build {build_id} cannot be trusted, {count} not hold: {named}{more}"


def told(finding: Finding) -> str:
    """Say one finding: what must hold, and what was seen."""
    return f"{finding.sentence.rstrip('.')} ({finding.observed})"


def of_dbt(results: Iterable[tuple[str, str, str, int | None]]) -> list[Finding]:
    """Make findings of dbt's data tests: one for all, and one for each that did not pass."""
    told_of = list(results)
    passed = sum(status == "pass" for _, _, status, _ in told_of)
    observed = (
        f"{passed:,} of {len(told_of):,} data tests passed" if told_of else "the data tests did not run"
    )
    outcome = "held" if told_of else "could_not_tell"
    whole = "The data tests of dbt ran with the first build of the day."
    summary = Finding(_DBT, whole, "critical", outcome, observed, "every data test passed")
    return [summary, *(_of_test(*one) for one in told_of if one[2] != "pass")]


def _of_test(name: str, sentence: str, status: str, failures: int | None) -> Finding:
    sentence = sentence[:1].upper() + sentence[1:].rstrip(".") + "."
    if status in ("fail", "warn"):
        severity = "critical" if status == "fail" else "warning"
        return Finding(name, sentence, severity, "broken", f"{failures or 0:,} rows", "0 rows")
    return Finding(name, sentence, "critical", "could_not_tell", "the data test could not run", "0 rows")
