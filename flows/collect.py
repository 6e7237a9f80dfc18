"""Ask every source for what is new and land it: versions of answers, definitions, customers, and rejects.

reads: survey tools, files, ledger (inbox); writes: raw (answers, customers, cursors, rejects, fetches)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from datetime import UTC, date, datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.ahead import ahead
from flows.brought import Brought, said, sentence
from flows.configuration import Source
from flows.desk import SOURCE
from flows.interpreter import quick_turns
from flows.orchestration import Work, at_work
from flows.programme.cells import nearest
from flows.records import ConfigurationError, SourceError
from flows.settings import with_secrets
from flows.side_by_side import Door, in_turn, lanes, side_by_side
from flows.surveys import Asked, pages, says_of
from flows.surveys.events import with_events
from flows.surveys.signatures import CHECKS
from flows.told import Deliveries, bring_told, deliveries
from flows.warehouse import raw
from flows.warehouse.cursors import fingerprint
from flows.warehouse.laid_out import LaidOut, laid_out
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
# Bytes of pages that may be read ahead: about as many come in while a batch is written.
_AHEAD = 24_000_000
Bring = Callable[[Work, str, datetime | None, Brought], None]
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
            return
        bring_all(work, [one.name for one in chosen], first)


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


def bring_all(work: Work, names: Sequence[str], since: datetime | None, by: Bring | None = None) -> None:
    """Bring sources side by side; what became of each is said in the order of the names.

    Loads are numbered in that order too. Raises HeardbackError where raw cannot be written.
    """
    order = [one for name in names for one in work.settings.configuration.sources if one.name == name]
    door = Door()
    with quick_turns(), ExitStack() as stack:
        connection = stack.enter_context(raw.opened(work.home, memory=raw.LANDING))
        stack.callback(door.close)
        advance = stack.enter_context(work.report.progress(f"collecting from {', '.join(names)}"))
        brought = {}
        for one in order:
            origin, says = _origin(work, one), says_of(one.tool)
            landing = Landing(connection, origin, moves_cursors=since is None, says=says)
            brought[one.name] = Brought(landing, door, advance)

        def do(one: Source) -> None:
            with suppress(SourceError):  # it is said when its turn comes
                (by or bring)(work, one.name, since, brought[one.name])

        for one in in_turn(side_by_side(lanes(order, _place), do), order):
            _say(work, one.name, brought[one.name])


def _place(source: Source) -> tuple[str | None, ...]:
    """Say what a source asks: where and with which tool. Files are read one after another."""
    return source.tool, source.base_url, source.data_center, source.subdomain


def _origin(work: Work, source: Source) -> Origin:
    told = source.model_dump(mode="json", exclude=_NO_MATTER, exclude_defaults=True)
    return Origin(source.name, source.tool, work.run_id, fingerprint(told), work.now)


# No retries: the session under each tool knows what may be asked again, and a second task run would ask for
# all of it. What failed is asked for by the next collect, from the cursors on.
@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="collect-{name}")
def bring(work: Work, name: str, since: datetime | None, brought: Brought) -> None:
    """Land what a source has that is new; raises SourceError when it could not be read to its end.

    What it told before it failed is landed, with its cursors. A backfill leaves the cursors where they were.
    """
    source = next(one for one in work.settings.configuration.sources if one.name == name)
    with _inbox(work, source, since) as waiting:
        asked = ahead(_asked(work, source, brought.cursors, since, waiting), attrgetter("size"), _AHEAD)
        brought.end(_take_all(name, asked, brought))
        if waiting is not None:
            with brought.door.held():
                waiting.note_taken()
    if brought.failure:
        raise SourceError(brought.failure)


def _take_all(name: str, asked: Iterator[LaidOut], brought: Brought) -> str:
    """Land page after page; gives what ended the reading early, if anything did, as a sentence."""
    while True:
        try:
            page = next(asked, None)
        except Exception as error:  # what it told before stays, and the other sources go on
            return said(name, error)
        if page is None:
            return ""
        brought.take(page)


def _say(work: Work, name: str, brought: Brought) -> None:
    counts = brought.landing.counts
    for warning in brought.warnings:
        work.report.warn(warning, "collect")
    work.report.count("responses_collected", sum(counts[what] for what in _COLLECTED))
    work.report.count("records_set_aside", counts["set_aside"])
    if counts.total() or not brought.failure:
        work.report.line("collect", f"{name}: {sentence(counts)}.")
    if brought.failure:
        work.report.fail(brought.failure, "collect")


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
) -> Iterator[LaidOut]:
    """Ask a source, and lay out what it tells; a secret that is not set fails it as a refusal would, now."""
    folder = work.settings.config_file.parent
    # The desk alone needs the webhook's secret.
    told = with_secrets(source.model_copy(update={"webhook_secret": None}))
    asked = Asked(told, work.now, folder, cursors, since)
    pulled = pages(asked)
    yield from map(laid_out, pulled if waiting is None else with_events(asked, waiting, waiting.done, pulled))
