"""Write each team's week to its people, one letter each, on the team's weekday; and to the team's channel.

reads: marts (of a build that passed), programme tables; writes: ledger (letters), mailboxes, channels
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import ledger
from flows.colleagues import Staff, office_of
from flows.mail.digests import Week, channel_post, digest_letter
from flows.mail.doors import Door
from flows.mail.escalating import Office
from flows.mail.quiet import quiet_until
from flows.mail.sending import Sent, send_waiting
from flows.orchestration import Work, at_work
from flows.posting import post
from flows.records import Letter
from flows.report import counted
from flows.warehouse.marts import current_build
from flows.warehouse.weeks import WEEKS, team_week

KINDS = ("digest",)
Cells = Mapping[str, str | None]


@flow(name="digest")
def digest() -> None:
    """Write the digests of the teams whose day it is, then send them."""
    with at_work("digest") as work, ledger.open_ledger(work.settings.ledger_address) as book:
        ledger.require_passed(book, current_build(work.home))
        written = write_digests(book, work)
        work.report.count("digests", written)
        said = f"{counted(written, 'digest')} written." if written else "no team's digest is to be written."
        work.report.line("digest", said)
        post(work, book, "digest", send, KINDS)


@task(cache_policy=NO_CACHE, persist_result=False)
def send(book: ledger.Ledger, doors: Sequence[Door], now: datetime, advance: Callable[[], object]) -> Sent:
    """Send the letters of this step that may go out now."""
    return send_waiting(book, doors, now, advance, KINDS)


@task(cache_policy=NO_CACHE, persist_result=False)
def write_digests(book: ledger.Ledger, work: Work) -> int:
    """Queue what was not written yet of the teams whose weekday it is; returns how many letters."""
    office, staff = office_of(work.settings, work.now)
    zone, written = work.settings.configuration.company.timezone, 0
    for team_id, team in staff.teams.items():
        today = work.now.astimezone(ZoneInfo(team.get("timezone") or zone)).date()
        if team.get("digest_weekday") != str(today.isoweekday()):
            continue
        week = week_of(work, team_id, team, today, team.get("timezone") or zone)
        for letter in _letters(week, team, staff, office, work):
            written += _queue(book, letter, work.now)
    return written


def week_of(work: Work, team_id: str, team: Cells, today: date, zone: str) -> Week:
    """Read the seven days that ended with yesterday, as the team's clock counts days."""
    ends = datetime.combine(today, time(), ZoneInfo(zone))
    begins = datetime.combine(today - timedelta(days=7), time(), ZoneInfo(zone))
    told = team_week(work.home, team_id, begins, ends, work.now)
    name = team.get("name") or team_id
    return Week(team_id, name, begins.date(), today - timedelta(days=1), told, WEEKS)


def _letters(week: Week, team: Cells, staff: Staff, office: Office, work: Work) -> Iterator[Letter]:
    """Give one letter a person of the team and one post for its channel; a wrong address fails alone."""
    for owner_id, owner in staff.owners.items():
        if owner.get("team_id") != week.team_id or not owner.get("email"):
            continue
        person = _person(owner_id, owner, team)
        try:
            letter = digest_letter(week, person, office.sender, work.now)
        except ValueError as error:
            work.report.fail(f"{owner_id} gets no digest: {error}.", "digest")
            continue
        zone = person["timezone"] or office.sender.timezone
        yield replace(letter, not_before=quiet_until(office.rules.quiet_hours, zone, work.now))
    if team.get("notify_url"):
        yield channel_post(week, dict(team), office.sender, work.now)


def _person(owner_id: str, owner: Cells, team: Cells) -> dict[str, Any]:
    return {
        "id": owner_id,
        "name": owner.get("name"),
        "email": owner.get("email"),
        "language": owner.get("language") or team.get("language"),
        "timezone": owner.get("timezone") or team.get("timezone"),
    }


def _queue(book: ledger.Ledger, letter: Letter, now: datetime) -> int:
    """Queue a letter unless it was written before."""
    with book.writing() as connection:
        if ledger.letter_exists(connection, letter.message_id):
            return 0
        ledger.queue_letter(connection, letter, now)
    return 1
