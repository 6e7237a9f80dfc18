"""Sending from a step: the way out, what became of the letters, and what to say about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from flows import ledger, programme
from flows.mail.channels import Channels
from flows.mail.doors import Door
from flows.mail.outbox import open_door
from flows.mail.sending import Sent, hold_quiet
from flows.orchestration import Work
from flows.report import counted

Send = Callable[[ledger.Ledger, Sequence[Door], datetime, Callable[[], object]], Sent]


def post(work: Work, book: ledger.Ledger, step: str, send: Send, kinds: Collection[str] = ()) -> None:
    """Send the letters that may go out now, of some kinds or of all, and say what became of them."""
    ledger.requeue_abandoned(book)
    held = hold_quiet(book, work.settings.configuration.letters.quiet_hours, work.now)
    waiting = ledger.letters_waiting(book, kinds)
    if waiting == 0:
        return
    doors = ways_out(work, waiting)
    try:
        with work.report.progress("sending letters", total=waiting) as advance:
            sent = send(book, doors, work.now, advance)
    finally:
        for door in doors:
            door.close()
    tell(work, sent, held, ledger.letters_waiting(book, kinds), step)


def ways_out(work: Work, waiting: int) -> list[Door]:
    """Choose connections to the SMTP server where one is set, else the folder `letters` of the home.

    Channels have ways of their own. There are no more connections than letters, and each is made only when it
    is handed one.
    """
    settings = work.settings
    many = min(settings.configuration.letters.connections, waiting) if settings.smtp_url else 1
    tables, _ = programme.read(settings.programme_folder)
    urls = {row["team_id"]: row["notify_url"] for row in tables["teams"].rows}
    channels = {team: url for team, url in urls.items() if team and url}
    letters = work.home / "letters"
    return [
        Channels(channels, open_door(settings.smtp_url, settings.mail_from, letters)) for _ in range(many)
    ]


def tell(work: Work, sent: Sent, held: int, waiting: int, step: str = "notify") -> None:
    """Say what became of the letters; whatever failed makes the run end with status 1."""
    where = "by mail" if work.settings.smtp_url else "put into the folder letters"
    quiet = f"; {counted(held, 'letter')} for after the quiet hours" if held else ""
    work.report.count("letters_sent", sent.sent)
    work.report.count("letters_failed", len(sent.refused))
    work.report.line(step, f"{counted(sent.sent, 'letter')} {where}{quiet}.")
    for sentence in [*sent.refused, *sent.postponed]:
        work.report.fail(sentence, step)
    if sent.down:
        work.report.fail(
            f"{counted(waiting, 'letter')} waiting: the mail server cannot be used: {sent.down}.", step
        )
