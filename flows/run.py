"""The whole road, one line per step: listen, collect … notify; then remind, and digest where one is due."""

from __future__ import annotations

from collections.abc import Callable

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.states import Completed, Failed, State

from flows.assign import assign
from flows.check import check
from flows.collect import collect
from flows.digest import digest
from flows.listen import listen
from flows.notify import notify
from flows.orchestration import Work, at_work
from flows.publish import publish
from flows.records import ConfigurationError, HeardbackError, Withheld
from flows.remind import remind
from flows.transform import transform


@flow(name="run")
def run() -> State:
    """Walk the road once; ends `Completed`, `Incomplete` (something failed) or `Withheld` (a finding)."""
    with at_work("run") as work:
        passed = False
        try:
            passed = _walk(work)
        except Withheld as reason:
            work.withheld = str(reason)
            work.report.fail(str(reason), "check")
        _step(work, "remind", remind.fn)  # rests on the ledger alone, so it goes out in any case
        if passed:
            _step(work, "digest", digest.fn)
        leave_artifact(work)
        return _state(work)


def _walk(work: Work) -> bool:
    """Take the steps in order; a failed one costs only what depends on it. Tells whether the build passed."""
    _step(work, "listen", listen.fn)
    _step(work, "collect", collect.fn)
    if not (_step(work, "transform", transform.fn) and _step(work, "check", check.fn)):
        return False
    _step(work, "publish", publish.fn)
    if _step(work, "assign", assign.fn):
        _step(work, "notify", notify.fn)
    return True


def _state(work: Work) -> State:
    if work.withheld:
        return Failed(name="Withheld", message=work.withheld)
    if work.report.failures:
        return Failed(name="Incomplete", message=" ".join(work.report.failures)[:2000])
    return Completed()


def leave_artifact(work: Work) -> None:
    """Leave a table of what this run did with the flow run, for Prefect's pages."""
    rows = [
        {"what": name.replace("_", " "), "count": number}
        for name, number in sorted(work.report.counts.items())
    ]
    create_table_artifact(
        key="what-the-run-did", table=rows, description=f"Run {work.run_id} at {work.now:%Y-%m-%d %H:%M} UTC"
    )


def _step(work: Work, name: str, body: Callable[[], object]) -> bool:
    try:
        body()
    except (Withheld, ConfigurationError):
        raise
    except HeardbackError as error:
        work.report.fail(str(error), name)
        return False
    except OSError as error:
        work.report.fail(f"{error.strerror or type(error).__name__}: {error.filename or name}", name)
        return False
    return True
