"""How this installation signs its letters, made of its settings."""

from __future__ import annotations

from flows import programme
from flows.mail.actions import Cause
from flows.mail.message import Sender
from flows.settings import Settings
from flows.signing import links


def letterhead(settings: Settings) -> Sender:
    """Say who writes, how one answers, and the language and zone of readers who have none of their own."""
    company, door = settings.configuration.company, links(settings)
    return Sender(
        address=settings.mail_from,
        reply_to=settings.mail_reply_to,
        company=company.name,
        help_email=company.help_email,
        language=company.language,
        timezone=company.timezone,
        links=door,
        causes=root_causes(settings) if door.mail_to or settings.imap_url else (),
        takes_answers=bool(settings.imap_url),
    )


def root_causes(settings: Settings) -> tuple[Cause, ...]:
    """Read the root causes that an answer can name."""
    tables, _ = programme.read(settings.programme_folder)
    rows = tables["root_causes"].rows
    return tuple(
        Cause(row["root_cause_id"], row["name"] or row["root_cause_id"], row["language"] or "")
        for row in rows
        if row["root_cause_id"]
    )
