"""Note what an owner did, from the command line: checked against the programme, written to the ledger."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from flows import ledger, programme
from flows.ledger import EventRefused, Recorded, Said
from flows.letterhead import letterhead
from flows.mail.cleaning import one_line
from flows.mail.handing_over import hand_over
from flows.settings import Settings

# What a person may say; the others are said by Heardback itself.
EVENTS = (
    "acknowledged",
    "attempted",
    "contacted",
    "waiting",
    "resumed",
    "resolved",
    "told",
    "closed",
    "declined",
    "reassigned",
    "raised",
    "reopened",
)


def record_event_from_command(
    settings: Settings,
    key: str,
    event: str,
    *,
    by: str | None = None,
    root_cause: str | None = None,
    note: str | None = None,
    to: str | None = None,
) -> str:
    """Write one event and say in a sentence what came of it; without `by` it is the follow-up's owner.

    Raises EventRefused naming the nearest known key, event, owner or root cause. `reassigned` queues a
    letter to the new owner in the same transaction.
    """
    _known("event", event, EVENTS)
    tables, _ = programme.read(settings.programme_folder)
    owners = {row["owner_id"]: row for row in tables["owners"].rows if row["owner_id"]}
    teams = {row["team_id"]: row for row in tables["teams"].rows if row["team_id"]}
    causes = [row["root_cause_id"] for row in tables["root_causes"].rows if row["root_cause_id"]]
    with ledger.open_ledger(settings.ledger_address) as book:
        assignment = ledger.find_assignment(book, key)
        own = assignment["owner_id"] if assignment else None
        if by is not None and by != own and owners:
            _known("owner", by, owners, "--by")
        if to is not None and owners:
            _known("owner", to, owners, "--to")
        if root_cause is not None and causes:
            _known("root cause", root_cause, causes, "--root-cause")
        actor = by or own or ""
        if assignment and event == "reassigned" and to and to != own:
            owner = owners.get(to) or {}
            said = Said(key, event, actor, settings.now(), note, to_owner=to)
            with book.writing() as connection:
                team = teams.get(owner.get("team_id") or "") or {}
                told = hand_over(connection, said, owner, team, letterhead(settings))
        else:
            told = ledger.record_event(book, key, event, actor, settings.now(), note, root_cause, to)
    return _sentence(told)


def _known(what: str, given: str, known: Iterable[Any], option: str = "") -> None:
    names = [str(name) for name in known]
    if given in names:
        return
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.5)
    mend = f"Did you mean '{near[0]}'?" if near else f"Known are: {', '.join(sorted(names)[:20])}."
    raise EventRefused(f"There is no {what} '{one_line(given)}'{f' ({option})' if option else ''}. {mend}")


def _sentence(told: Recorded) -> str:
    if not told.is_new:
        return (
            f"Nothing changed: '{told.event}' was noted already, by {told.actor} "
            f"on {told.at:%Y-%m-%d %H:%M} UTC. The follow-up is {told.status}."
        )
    return f"Noted: {told.event}. The follow-up {told.assignment_key} is {told.status}."
