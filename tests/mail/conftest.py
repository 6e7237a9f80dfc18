"""A mail server on this machine that keeps letters and misbehaves on demand, and the facts of a follow-up."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from flows.ledger import Ledger, open_ledger
from flows.mail.message import Sender

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


async def nothing(server: Any) -> str | None:
    """Do not misbehave."""
    return None


class Postmaster:
    """Keep every letter; what is in `before` and `after` happens before or after one is kept."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        self.before: Callable[[Any], Awaitable[str | None]] = nothing
        self.after: Callable[[Any], Awaitable[str | None]] = nothing
        self.refused: dict[str, str] = {}
        self.sender_refused = ""
        self.connections = 0
        self.url = ""

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, said: list[str]
    ) -> list[str]:
        """Count connections."""
        self.connections += 1
        session.host_name = hostname
        return said

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Refuse the sender if told to."""
        envelope.mail_from = address
        return self.sender_refused or "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Refuse the addresses that were named, with the answer that was named."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the letter, unless told to misbehave."""
        if answer := await self.before(server):
            return answer
        self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return await self.after(server) or "250 kept"

    @property
    def ids(self) -> list[str]:
        """List the Message-IDs in the order the letters came."""
        return [parse(body)["Message-ID"] for _, body in self.letters]


class FreePort(Controller):
    """Learn which port the system chose before the server is tried."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def parse(body: bytes) -> EmailMessage:
    """Read a letter as a mail program would."""
    return email.message_from_bytes(body, policy=email.policy.default)  # type: ignore[return-value]


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    """Serve mail on a free port of this machine."""
    keeper = Postmaster()
    controller = FreePort(keeper, hostname="127.0.0.1", port=0, server_kwargs={"enable_SMTPUTF8": False})
    controller.start()
    keeper.url = f"smtp://127.0.0.1:{controller.port}"
    yield keeper
    controller.stop()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open an empty ledger."""
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


@pytest.fixture
def monday() -> datetime:
    """Name the instant the tests call now: Monday 4 May 2026, 09:00 UTC."""
    return MONDAY


@pytest.fixture
def sender() -> Sender:
    """Say who writes."""
    return Sender("feedback@acme.example", "answers@acme.example", "Acme")


def facts(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Give the facts of one due follow-up, as the marts give them."""
    given: dict[str, Any] = {
        "follow_up_key": f"{number:032x}",
        "response_key": f"response-{number}",
        "source_name": "shop",
        "survey_id": "after-purchase",
        "response_id": f"r{number}",
        "customer_id": f"C-{number}",
        "journey_id": "buying",
        "touchpoint_id": "checkout",
        "kind": "recover",
        "rule_id": "unhappy",
        "team_id": "shop-floor",
        "owner_id": "anna",
        "score_class": "detractor",
        "submitted_at": MONDAY - timedelta(hours=5),
        "due_at": MONDAY + timedelta(hours=43),
        "reason": "Rule unhappy: detractors go to the shop floor",
        "customer": {
            "id": f"C-{number}",
            "name": "Maria López",
            "email": "maria@example.com",
            "phone": "+49 30 123",
        },
        "answers": [
            {
                "question_text": "How likely are you to recommend us?",
                "metric": "nps",
                "value": 2.0,
                "scale_min": 0.0,
                "scale_max": 10.0,
                "score_class": "detractor",
            }
        ],
        "comments": [{"text": "I waited 40 minutes.\nNobody said sorry.", "language": "en"}],
        "journey_name": "Buying in the shop",
        "touchpoint_name": "Checkout",
        "survey_name": "After purchase",
        "rule": {
            "respond_within_hours": 48,
            "clock": "elapsed",
            "delivery": "now",
            "tell_customer": "resolved",
        },
        "owner": {
            "id": "anna",
            "name": "Anna Schmidt",
            "email": "anna@acme.example",
            "language": "en",
            "timezone": "Europe/Berlin",
        },
        "team": {"id": "shop-floor", "name": "Shop floor", "email": "shop@acme.example"},
    }
    return {**given, **changes}


@pytest.fixture
def a_follow_up() -> Callable[..., dict[str, Any]]:
    """Give the maker of facts."""
    return facts


@pytest.fixture
def read_letter() -> Callable[[bytes], EmailMessage]:
    """Give the reader of letters."""
    return parse
