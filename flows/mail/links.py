"""Links that carry their own permission: signed, of one owner, for a limited time, and readable by us alone.

A link names its follow-up, its owner, how often the follow-up had been handed over by then, and when it was
made; nothing about it is stored. Several keys, newest first, let an installation change its key: the newest
signs, all are believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

LONGEST = 2000
DEFAULT_BASE = "http://127.0.0.1:8484"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Say what a link allows: an owner's look at one follow-up (`key` empty: at the owner's lists)."""

    key: str
    owner_id: str
    handovers: int
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """Name the follow-up that a customer is asked about, and which of its lives."""

    key: str
    life: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Name the customer whose letters for a purpose end, and the language of that customer."""

    customer_key: str
    purpose: str
    language: str


class Links:
    """Make and read the links of one installation."""

    def __init__(
        self, keys: Sequence[str], base_url: str = DEFAULT_BASE, days: int = 14, mail_to: str = ""
    ) -> None:
        """Take the signing keys (newest first), the desk's address and how many days a link lives.

        `mail_to` is the address that answers by mail go to; buttons use it where the desk has no address
        that a reader could reach.
        """
        if not keys:
            raise ValueError("links cannot be signed without a key")
        self.base_url, self.days, self.mail_to = base_url.rstrip("/"), days, mail_to
        self._keys = list(reversed(keys))  # itsdangerous signs with the last

    def to_follow_up(self, facts: Mapping[str, Any], now: datetime) -> str:
        """Give the address at which the present owner of a follow-up sees it."""
        owner = (facts.get("owner") or {}).get("id") or facts.get("owner_id") or ""
        ticket = Ticket(facts["follow_up_key"], str(owner), int(facts.get("handovers") or 0), now)
        return f"{self.base_url}/a/{self.token(ticket)}"

    def to_customer(self, key: str, life: int, now: datetime) -> str:
        """Give the address at which a customer says whether it is solved; `life` counts the reopenings."""
        return f"{self.base_url}/c/{self.sign('customer', [key, life, int(now.timestamp())])}"

    def question(self, token: str, now: datetime) -> Question | None:
        """Read what a customer is asked; None for what we did not sign so, and for what is too old."""
        said = self.read("customer", token)
        if not isinstance(said, list) or len(said) != 3:
            return None
        key, life, issued = said
        if now > datetime.fromtimestamp(issued, UTC) + timedelta(days=self.days):
            return None
        return Question(key, life)

    def to_unsubscribe(self, customer_key: str, purpose: str, language: str) -> str:
        """Give the address that ends letters for a purpose; it works for ever."""
        return f"{self.base_url}/u/{self.sign('unsubscribe', [customer_key, purpose, language])}"

    def unsubscribing(self, token: str) -> Ending | None:
        """Read who wants no letters for which purpose; None for what we did not sign so."""
        said = self.read("unsubscribe", token)
        return Ending(*said) if isinstance(said, list) and len(said) == 3 else None

    def by_mail(self, word: str, subject: str) -> str:
        """Give the address that opens a mail with the reply word filled in."""
        return f"mailto:{quote(self.mail_to, safe='@')}?subject={quote(subject)}&body={quote(word)}"

    def token(self, ticket: Ticket) -> str:
        """Sign what a link allows."""
        issued = int(ticket.issued_at.timestamp())
        return self.sign("link", [ticket.key, ticket.owner_id, ticket.handovers, issued])

    def ticket(self, token: str) -> Ticket | None:
        """Read what a link allows, however old; None for one that we did not sign exactly so."""
        said = self.read("link", token)
        if not isinstance(said, list) or len(said) != 4:
            return None
        key, owner_id, handovers, issued = said
        return Ticket(key, owner_id, handovers, datetime.fromtimestamp(issued, UTC))

    def is_expired(self, ticket: Ticket, now: datetime) -> bool:
        """Tell whether a link's time is over."""
        return now > ticket.issued_at + timedelta(days=self.days)

    def sign(self, purpose: str, said: Any) -> str:
        """Sign plain data for one purpose; what is signed for one is not believed for another."""
        signed = self._serializer(purpose).dumps(said)
        return signed.decode("ascii") if isinstance(signed, bytes) else signed

    def read(self, purpose: str, token: str) -> Any:
        """Give back what was signed for a purpose, None for anything else; never raises."""
        if len(token) > LONGEST or not token.isascii() or not _is_exact(token):
            return None
        try:
            return self._serializer(purpose).loads(token)
        except BadData:
            return None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(self._keys, salt=f"heardback.{purpose}", signer_kwargs=options)


def _is_exact(token: str) -> bool:
    """Refuse other spellings of a signature: the last character of base64 has bits that nobody reads."""
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode("ascii") == signature
    except BadData:
        return False
