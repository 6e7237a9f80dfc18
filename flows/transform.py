"""Make the marts: the programme lands in raw, dbt builds from raw what is new since the last build.

reads: programme folder, raw; writes: raw (programme), warehouse (computed, dbt's models, the build's stamp),
site/dbt-docs (what every table and column means)
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import building, estimates, programme
from flows.calendars import openings
from flows.configuration import Configuration
from flows.documenting import PAGE, document
from flows.orchestration import VERSION, Work, at_work
from flows.records import ConfigurationError, HeardbackError, ProgrammeTable
from flows.report import Advance
from flows.warehouse import builds, computed, raw
from flows.warehouse.programme_history import land_programme

Tables = Mapping[str, ProgrammeTable]
EVERYWHERE = ("desk", "files")

# The first pass makes them of the estimates that are kept; a second pass is for new estimates only.
ESTIMATED = ("--select", "drivers+", "--exclude", "config.materialized:view")
DRIVER_LIMITS = estimates.Limits()


@dataclass(frozen=True, slots=True)
class Plan:
    """Say what a build has to do: from nothing or on top of the last, all models or what `words` select."""

    build: builds.Build
    is_full: bool
    is_daily: bool
    words: tuple[str, ...]


@flow(name="transform")
def transform() -> None:
    """Build the marts from raw; raises ConfigurationError for a wrong programme, HeardbackError otherwise."""
    with at_work("transform") as work:
        tables = read_programme(work.settings.programme_folder)
        work.build_id = make(work, tables)


def read_programme(folder: Path) -> Tables:
    """Read the programme tables; raises ConfigurationError that lists every fault."""
    tables, faults = programme.read(folder)
    if faults:
        raise ConfigurationError("\n".join(str(fault) for fault in faults))
    return tables


@task(cache_policy=NO_CACHE, persist_result=False)
def make(work: Work, tables: Tables) -> str:
    """Land the programme, build what has to be built and stamp it; returns the id of the build."""
    with work.report.progress("building the marts") as advance:
        describe = partial(_describe, work)
        configuration = work.settings.configuration
        plan = build_marts(work.home, configuration, tables, work.now, advance, describe=describe)
    if not plan.words:
        work.report.line("transform", "nothing is new; the marts stand as they are")
    else:
        what = "from nothing" if plan.is_full else "what is new"
        work.report.line("transform", f"the marts are built ({what}), build {plan.build.build_id}")
    return plan.build.build_id


def build_marts(
    home: Path,
    configuration: Configuration,
    tables: Tables,
    now: datetime,
    advance: Advance,
    *,
    with_tests: bool = True,
    describe: Callable[[Any], None] | None = None,
) -> Plan:
    """Bring the warehouse of a home up to raw and programme as of `now`; returns what was done.

    `describe` is handed the project as dbt read it, when the pages about it are missing or out of date.

    A killed build has no stamp, and the next one makes everything that it may have left half done. The first
    build of a day runs dbt's data tests, unless told otherwise.
    """
    with raw.opened(home) as connection:
        land_programme(connection, tables, now)
    facts = builds.raw_facts(home)
    plan = planned(home, configuration, facts, now)
    if not plan.words:
        return plan
    if plan.is_full:
        builds.discard(home)
    computed.begin_build(
        home,
        _settings(configuration, facts, plan, now),
        segment_types=configuration.segments,
        sources=[(source.name, source.tool, source.holds) for source in configuration.sources],
        openings=openings(tables, configuration.company.timezone, facts.first_answer_at, now),
        patterns=programme.theme_patterns(tables["themes"].rows),
    )
    estimating = partial(_estimate, home) if plan.is_daily else tuple
    built = building.build(
        home, plan.words, _tools(facts), advance, with_tests=with_tests and plan.is_daily, between=estimating
    )
    if built.tested is not None:
        results = [(one.name, one.sentence, one.status, one.failures) for one in built.tested]
        computed.keep_test_results(home, results)
    builds.end_build(home, plan.build)
    # The pages say what the fingerprint stands for, so only a build from nothing can change them.
    is_stale = plan.is_full or not (home / PAGE).exists()
    if describe is not None and built.project is not None and is_stale:
        describe(built.project)
    return plan


def _describe(work: Work, project: Any) -> None:
    """Write the data dictionary; numbers do not wait for it."""
    try:
        document(work.home, project)
    except HeardbackError as error:
        work.report.warn(f"the data dictionary was not written: {error}", "transform")


def _estimate(home: Path) -> tuple[str, ...]:
    """Estimate the drivers from what dbt summed up; returns what dbt has to make again, if they changed.

    A build killed after this keeps the new estimates and has no stamp: the next one makes everything.
    """
    found = estimates.drivers(computed.driver_pairs(home), DRIVER_LIMITS)
    return ESTIMATED if computed.keep_drivers(home, found) else ()


def planned(home: Path, configuration: Configuration, facts: builds.RawFacts, now: datetime) -> Plan:
    """Decide what to build: everything when the fingerprint changed or no build stands, else what grew."""
    last, is_whole = builds.last_build(home)
    today = now.astimezone(ZoneInfo(configuration.company.timezone)).date()
    build = builds.Build(
        uuid.uuid4().hex[:12],
        computed.naive(now),
        today,
        _fingerprint(configuration, facts),
        VERSION,
        facts.marks,
    )
    if last is None or last.fingerprint != build.fingerprint:
        return Plan(build, True, True, ("--select", "*"))
    is_daily = last.local_date != today
    # Views say the same as long as the fingerprint does, so only a build from nothing makes them.
    # What needs all history is tagged `daily` and made by the first build of a day; what only adds to it
    # which quick fixes are in hand is made by that, and by the next build after one was taken or finished.
    is_taken_anew = last.marks.get("quick_fixes") != facts.marks["quick_fixes"]
    later = ("tag:daily",) if is_taken_anew else ("tag:daily", "tag:in_hand")
    tables_only = ("--exclude", "config.materialized:view", *(() if is_daily else later))
    if is_daily or not is_whole:
        return Plan(build, False, is_daily, ("--select", "*", *tables_only))
    # Only staging reads raw, each of its tables as a source: what depends on those that grew is made.
    chosen = [f"source:raw.{part}+" for part in builds.MARKS if last.marks.get(part) != facts.marks[part]]
    if last.built_at != build.built_at:
        chosen.append("tag:clock+")
    if not chosen:
        return Plan(last, False, False, ())
    return Plan(build, False, False, ("--select", *chosen, *tables_only))


def _fingerprint(configuration: Configuration, facts: builds.RawFacts) -> str:
    """Say in 32 digits what a build is made with, apart from raw and time; another one asks for a rebuild."""
    told = configuration.model_dump(
        mode="json", include={"company", "segments", "numbers", "follow_ups", "contact"}
    )
    sources = [(source.name, source.tool, source.holds) for source in configuration.sources]
    made_with = [VERSION, facts.programme, told, sources, _tools(facts)]
    digest = hashlib.sha256(json.dumps(made_with, sort_keys=True).encode())
    for path in sorted(building.PROJECT.rglob("*")):
        if path.suffix in (".sql", ".yml"):
            digest.update(path.relative_to(building.PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _tools(facts: builds.RawFacts) -> list[str]:
    """Name the tools that raw holds answers of, with a staging folder that an installation can do without."""
    return [tool for tool in facts.tools if tool not in EVERYWHERE]


def _settings(
    configuration: Configuration, facts: builds.RawFacts, plan: Plan, now: datetime
) -> dict[str, Any]:
    company, numbers, follow_ups = configuration.company, configuration.numbers, configuration.follow_ups
    return {
        "now": now,
        "timezone": company.timezone,
        "today": plan.build.local_date,
        "is_daily": plan.is_daily,
        **numbers.model_dump(),
        **follow_ups.model_dump(),
        "owner_cap_per_day": configuration.letters.owner_cap_per_day,
        "days_between": configuration.contact.days_between,
        "salt": facts.salt,
        "currency": company.currency,
        "language": company.language,
        "version": VERSION,
    }
