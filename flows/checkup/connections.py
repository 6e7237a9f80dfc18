"""Whether what Heardback needs to reach can be reached: its home, the ledger, the mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.ledger.probe import probe as probe_ledger
from flows.mail.mailbox import Answers
from flows.mail.message import Sender
from flows.mail.outbox import Smtp
from flows.records import Advice, Busy, HeardbackError
from flows.settings import Settings
from flows.warehouse.probe import probe as probe_home

_SECONDS = 5


def unreachable(settings: Settings) -> Iterator[str]:
    """Name every connection that does not work, each tried once and for a few seconds only."""
    yield from _tried(lambda: probe_home(settings.home_folder))
    yield from _tried(lambda: probe_ledger(settings.ledger_address))
    sender = Sender(settings.mail_from, settings.mail_reply_to)
    yield from _tried(lambda: (sender.parsed(), sender.replies()))
    if settings.smtp_url:
        yield from _tried(lambda: _mail_server(settings))
    if settings.imap_url:
        yield from _tried(lambda: _mailbox(settings))


def _tried(look: Callable[[], object]) -> Iterator[str]:
    try:
        look()
    except Busy as busy:
        yield Advice(f"{busy} A run may be at work.")
    except HeardbackError as error:
        yield str(error)


def _mailbox(settings: Settings) -> None:
    if wrong := Answers(settings.imap_url, timeout=_SECONDS).probe():
        raise HeardbackError(f"HEARDBACK_IMAP_URL: {wrong} until it can.")


def _mail_server(settings: Settings) -> None:
    server = Smtp(settings.smtp_url, Sender(settings.mail_from).parsed().addr_spec, timeout=_SECONDS)
    if wrong := server.probe():
        raise HeardbackError(
            f"HEARDBACK_SMTP_URL: the mail server {server.host}:{server.port} cannot be used: {wrong}. "
            "Letters wait until it can."
        )
