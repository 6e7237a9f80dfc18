"""What a run would send, found out by doing it on a copy of the ledger that is thrown away.

The very functions that write letters are used, so that a rehearsal cannot say anything else than they do.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from flows import ledger
from flows.assign import keep_choices, promise_all, promise_of
from flows.digest import write_digests
from flows.ledger import Ledger, Waiting
from flows.letterhead import letterhead
from flows.mail.sending import hold_quiet
from flows.orchestration import Work
from flows.remind import write_reminders
from flows.report import Report
from flows.settings import Settings
from flows.signing import require_signable
from flows.telling import tell_resolved, withdraw_barred
from flows.warehouse.due import due_follow_ups

_ALL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Played:
    """Name one letter that would be sent, with the follow-ups in it, and their owner where it goes to one."""

    letter: Waiting
    keys: tuple[str, ...]
    owner_id: str
    subject: str


class _Unsaid(Report):
    """Collect what happened and say nothing: none of it did."""

    def _say(self, level: str, step: str, sentence: str) -> None:
        return


def played(settings: Settings, now: datetime, book: Ledger | None) -> tuple[list[Played], list[str]]:
    """Give the letters that a run at `now` with today's marts would send, and what would fail, in words.

    Links in them are signed with a key of the moment, as none may be made for it. Raises ConfigurationError
    where the run would.
    """
    require_signable(settings)
    unsigned = settings.model_copy(update={"secret_key": secrets.token_urlsafe(32)})
    report = _Unsaid()
    with ledger.scratch_copy(book) as scratch:
        work = Work(unsigned, now, settings.home_folder, "rehearsal", "rehearse", report)
        _write(scratch, work)
        return _going_out(scratch, work), [*report.failures, *report.warnings]


def _write(scratch: Ledger, work: Work) -> None:
    """Walk the steps that write letters, in the order of the road."""
    company = work.settings.configuration.company
    ledger.close_due(scratch, work.now, work.settings.configuration.follow_ups.close_after_days)
    keep_choices.fn(scratch, work)
    due = [promise_of(facts, "rehearsal", company.timezone) for facts in due_follow_ups(work.home)]
    promise_all(scratch, work, due)
    tell_resolved(scratch, work, letterhead(work.settings))
    withdraw_barred(scratch, work)
    ledger.requeue_abandoned(scratch)
    hold_quiet(scratch, work.settings.configuration.letters.quiet_hours, work.now)
    write_reminders.fn(scratch, work)
    write_digests.fn(scratch, work)


def _going_out(scratch: Ledger, work: Work) -> list[Played]:
    hold_quiet(scratch, work.settings.configuration.letters.quiet_hours, work.now)
    waiting = ledger.claim_letters(scratch, work.now, _ALL)
    told = ledger.letters_told(scratch, [one.message_id for one in waiting])
    return [
        Played(one, *told[one.message_id])
        for one in waiting
        if one.kind != "customer" or not ledger.why_untold(scratch, one.message_id)
    ]
