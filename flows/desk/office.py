"""What the desk is handed when it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flows.ledger import Ledger
from flows.mail.links import Links
from flows.mail.message import Sender


@dataclass(frozen=True, slots=True)
class Office:
    """Hold the open ledger, what makes and reads links, who writes letters, and what tells the time.

    `hooks` checks, by the name of a source, whether a delivery (headers in small letters, body, now) is its.
    """

    book: Ledger
    links: Links
    sender: Sender
    clock: Callable[[], datetime]
    hooks: Mapping[str, Callable[[Mapping[str, str], bytes, datetime], bool]] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Give the path below which the desk is reached (`/feedback` behind a proxy), mostly nothing."""
        return urlsplit(self.links.base_url).path.rstrip("/")

    @property
    def host(self) -> str:
        """Give host and port of the desk's public address."""
        return urlsplit(self.links.base_url).netloc
