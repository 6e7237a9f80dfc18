"""Ask every source for what is new and land it: versions of answers, definitions, customers, and rejects.

reads: survey tools, files, ledger (inbox); writes: raw (answers, customers, cursors, rejects, fetches)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from traceback import extract_tb
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.configuration import Source
from flows.desk import SOURCE
from flows.orchestration import Work, at_work
from flows.programme.cells import nearest
from flows.records import ConfigurationError, HeardbackError, Page, SourceError
from flows.settings import with_secrets
from flows.surveys import Asked, pages
from flows.surveys.events import with_events
from flows.surveys.signatures import CHECKS
from flows.told import Deliveries, bring_told, deliveries
from flows.warehouse import raw
from flows.warehouse.columns import readable
from flows.warehouse.cursors import fingerprint
from flows.warehouse.landing import Landing, Origin

# What opens a tool, or chooses among its surveys, changes nothing in what an answer is read as.
_NO_MATTER = {
    "name",
    "token",
    "public_key",
    "private_key",
    "username",
    "password",
    "webhook_secret",
    "surveys",
}
_WORDS = {
    "responses_new": ("new response", "new responses"),
    "responses_changed": ("changed response", "changed responses"),
    "responses_deleted": ("deleted response", "deleted responses"),
    "customers_new": ("new customer", "new customers"),
    "customers_changed": ("changed customer", "changed customers"),
    "invitations_new": ("new invitation", "new invitations"),
    "invitations_changed": ("changed invitation", "changed invitations"),
    "definitions_new": ("new survey", "new surveys"),
    "definitions_changed": ("changed survey", "changed surveys"),
    "set_aside": ("record set aside", "records set aside"),
}
_COLLECTED = ("responses_new", "responses_changed", "responses_deleted")


@flow(name="collect")
def collect(source: str | None = None, since: str | None = None) -> None:
    """Collect from all sources, or from one; with `since` (a local date) again from that day on.

    A source that fails does not keep the others from being read. Raises ConfigurationError for a source or
    date that cannot be meant, HeardbackError where raw cannot be written.
    """
    with at_work("collect") as work:
        configuration = work.settings.configuration
        if source in (None, SOURCE):
            hear_told(work)
        if source == SOURCE:
            return
        chosen = chosen_sources(configuration.sources, source)
        first = first_instant(since, configuration.company.timezone, work.now) if since is not None else None
        if not chosen:
            work.report.line("collect", "no source is configured.")
        for one in chosen:
            try:
                bring(work, one.name, first)
            except SourceError as error:
                work.report.fail(str(error), "collect")


@task(cache_policy=NO_CACHE, persist_result=False)
def hear_told(work: Work) -> None:
    """Land what customers told colleagues at the desk."""
    if heard := bring_told(work):
        work.report.count("responses_collected", heard)
        work.report.line("collect", f"{SOURCE}: {sentence({'responses_new': heard})}.")


def chosen_sources(sources: Sequence[Source], name: str | None) -> Sequence[Source]:
    """Give the source of this name, or all; raises ConfigurationError naming the nearest."""
    if name is None:
        return sources
    chosen = [source for source in sources if source.name == name]
    if not chosen:
        names = [source.name for source in sources]
        mend = nearest(name, names) or f"Configured are: {', '.join(names) or 'none'}."
        raise ConfigurationError(f"There is no source '{name}' in the configuration. {mend}")
    return chosen


def first_instant(day: str, zone: str, now: datetime) -> datetime:
    """Give the instant (UTC) at which a local day begins; raises ConfigurationError, for a future day too."""
    try:
        start = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(f"--since is '{day}'; write a date, like 2026-01-31.") from None
    if start > now:
        raise ConfigurationError(f"--since is {day}, which lies in the future. Write an earlier date.")
    return start


# No retries: the session under each tool knows what may be asked again, and a second task run would ask for
# all of it. What failed is asked for by the next collect, from the cursors on.
@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="collect-{name}")
def bring(work: Work, name: str, since: datetime | None) -> None:
    """Land what a source has that is new; raises SourceError when it could not be read to its end.

    What it told before it failed is landed, with its cursors. A backfill leaves the cursors where they were.
    """
    source = next(one for one in work.settings.configuration.sources if one.name == name)
    told = source.model_dump(mode="json", exclude=_NO_MATTER, exclude_defaults=True)
    origin = Origin(name, source.tool, work.run_id, fingerprint(told), work.now)
    with _inbox(work, source, since) as waiting, raw.opened(work.home) as connection:
        landing = Landing(connection, origin, moves_cursors=since is None)
        asked = _asked(work, source, landing.cursors(), since, waiting)
        failure = _take_all(work, name, asked, landing)
        landing.end("failed" if failure else "ok", failure or "")
        if waiting is not None:
            waiting.note_taken()
    work.report.count("responses_collected", sum(landing.counts[what] for what in _COLLECTED))
    work.report.count("records_set_aside", landing.counts["set_aside"])
    if landing.counts.total() or not failure:
        work.report.line("collect", f"{name}: {sentence(landing.counts)}.")
    if failure:
        raise SourceError(failure)


def _inbox(work: Work, source: Source, since: datetime | None) -> AbstractContextManager[Deliveries | None]:
    """Open the inbox where something may wait in it for this source; a backfill leaves it alone."""
    if source.webhook_secret and source.tool in CHECKS and since is None:
        return deliveries(work, source.name)
    return nullcontext()


def _asked(
    work: Work,
    source: Source,
    cursors: Mapping[tuple[str, str], str],
    since: datetime | None,
    waiting: Deliveries | None,
) -> Iterator[Page]:
    """Ask a source; a secret that is not set fails it as a refusal would: when it is asked."""
    folder = work.settings.config_file.parent
    # The desk alone needs the webhook's secret.
    told = with_secrets(source.model_copy(update={"webhook_secret": None}))
    asked = Asked(told, work.now, folder, cursors, since)
    pulled = pages(asked)
    yield from pulled if waiting is None else with_events(asked, waiting, waiting.done, pulled)


def _take_all(work: Work, name: str, asked: Iterator[Page], landing: Landing) -> str:
    """Land page after page; gives what ended the reading early, if anything did, as a sentence."""
    with work.report.progress(f"collecting from {name}") as advance:
        while True:
            try:
                page = next(asked, None)
            except Exception as error:  # what it told before stays, and the other sources go on
                return _said(name, error)
            if page is None:
                return ""
            landing.take(page)
            advance(len(page.responses) + len(page.customers))
            for warning in page.warnings:
                work.report.warn(str(readable(warning)), "collect")


def _said(name: str, error: Exception) -> str:
    """Say what ended a source, without anything out of an answer."""
    if isinstance(error, HeardbackError):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"source '{name}': {error.strerror or type(error).__name__}: {error.filename or 'no file named'}."
        )
    last = extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return f"source '{name}' stopped at something unforeseen ({type(error).__name__} in {place})."


def sentence(counts: Mapping[str, int]) -> str:
    """Say what became of what a source told."""
    parts = [
        f"{number:,} {words[number != 1]}"
        for what, words in _WORDS.items()
        if (number := counts.get(what, 0))
    ]
    again = "; its configuration changed, so all of it was read again" if counts.get("restarted") else ""
    return (", ".join(parts) or "nothing new") + again
