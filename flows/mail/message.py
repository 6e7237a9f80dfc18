"""How a letter goes over the wire: multipart/alternative, UTF-8, headers that come back as they were written.

The header lines are written here and not by the standard library, which loses and adds blanks when it folds
long headers in other alphabets, breaks long ones without blanks, and decodes what merely looks encoded.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flows.mail.actions import Cause
from flows.mail.cleaning import address, one_line
from flows.mail.links import Links
from flows.records import ConfigurationError

_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
FOLD = "\r\n "
_SHORT = 60  # a line stays below 78 characters with the name of its header
_CHUNK = 39  # bytes: they make an encoded word of 64 characters


@dataclass(frozen=True, slots=True)
class Sender:
    """Say who writes: address (with or without a name), where replies go, the company's name, where to ask.

    `language` and `timezone` serve readers who have none of their own; `links` makes the links of letters,
    `causes` are the root causes that an answer by mail can choose from; somebody reads answers where
    `takes_answers`.
    """

    address: str
    reply_to: str = ""
    company: str = ""
    help_email: str = ""
    language: str = "en"
    timezone: str = "UTC"
    links: Links | None = None
    causes: tuple[Cause, ...] = ()
    takes_answers: bool = False

    def parsed(self) -> Address:
        """Give the sender's address; raises ConfigurationError when it is none."""
        try:
            return address(self.address, "" if "<" in self.address else self.company)
        except ValueError as error:
            mend = "write one like feedback@example.com"
            raise ConfigurationError(f"HEARDBACK_MAIL_FROM: {error}; {mend}.") from None

    def replies(self) -> Address | None:
        """Give where replies go when that is elsewhere; raises ConfigurationError when it is no address."""
        if not self.reply_to:
            return None
        try:
            elsewhere = address(self.reply_to)
        except ValueError as error:
            raise ConfigurationError(f"HEARDBACK_MAIL_REPLY_TO: {error}.") from None
        return None if elsewhere.addr_spec == self.parsed().addr_spec else elsewhere


@dataclass(frozen=True, slots=True)
class Image:
    """Carry one picture: `name` is its content id, `alt` what it says to who cannot see it."""

    name: str
    png: bytes
    alt: str


def message_id(kind: str, owner_id: str, keys: Iterable[str], domain: str, occasion: str = "") -> str:
    """Make the Message-ID that a letter has for ever: of its kind, its owner and what it is about.

    `occasion` tells apart letters that are about the same thing again (handed over twice).
    """
    about = "\x00".join([kind, owner_id, *sorted(keys), *([f"\x00{occasion}"] if occasion else [])])
    return f"<{kind}.{hashlib.sha256(about.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"


def build(
    *,
    sender: Sender,
    to: Address,
    subject: str,
    kind: str,
    identity: str,
    keys: Iterable[str],
    date: datetime,
    text: str,
    html: str,
    answers: str = "",
    images: Iterable[Image] = (),
    reply_to: Address | None = None,
    more: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Build the whole message as bytes ready for the wire (CRLF); `date` aware, `identity` the Message-ID.

    `answers` is the Message-ID of the letter this one belongs to; each image is shown where the page says
    `cid:` and its name. Only assignment letters count their follow-ups in headers. `reply_to` takes the place
    of the sender's; `more` are headers of ASCII, as they go over the wire.
    """
    origin, replies = sender.parsed(), reply_to or sender.replies()
    headers = [
        ("From", mailbox(origin)),
        ("To", mailbox(to)),
        *([("Reply-To", mailbox(replies))] if replies else []),
        ("Subject", words(subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", identity),
        *([("In-Reply-To", answers), ("References", answers)] if answers else []),
        ("List-Id", f"<{kind}.heardback.{origin.domain}>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Heardback-Kind", kind),
        *(("X-Heardback-Assignment", whole(key)) for key in keys if kind == "assignment"),
        *more,
    ]
    body = EmailMessage(policy=SMTP)
    body.set_content(text, cte="quoted-printable")
    body.add_alternative(html, subtype="html", cte="quoted-printable")
    for image in images:
        _show(body, image)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("utf-8") + body.as_bytes()


def _show(body: EmailMessage, image: Image) -> None:
    """Put a picture beside the page that shows it."""
    page = body.get_body(("html",))
    if isinstance(page, EmailMessage):
        page.add_related(
            image.png,
            "image",
            "png",
            cid=f"<{image.name}>",
            disposition="inline",
            filename=f"{image.name}.png",
        )


def words(text: str) -> str:
    """Write unstructured header text: as it is when that is safe, else as encoded words, one per line."""
    line = one_line(text)
    return line if line.isascii() and "=?" not in line and len(line) <= _SHORT else _encoded(line)


def whole(identity: str) -> str:
    """Write an identity in one piece, however long, unless its alphabet cannot stand in a header."""
    line = one_line(identity, 900)
    return line if line.isascii() else _encoded(line)


def mailbox(to: Address) -> str:
    """Write an address with its name, quoted or encoded so that it can be read as this one address only."""
    name = to.display_name
    if not name:
        return to.addr_spec
    if name.isascii() and "=?" not in name and len(name) <= _SHORT:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        shown = name if _PLAIN.fullmatch(name) else f'"{quoted}"'
        return f"{shown}{' ' if len(shown) + len(to.addr_spec) < _SHORT else FOLD}<{to.addr_spec}>"
    return f"{_encoded(name)}{FOLD}<{to.addr_spec}>"


def _encoded(line: str) -> str:
    return FOLD.join(f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(line))


def _chunks(line: str) -> Iterator[bytes]:
    """Cut text into pieces of at most 39 bytes: after a blank if there is one, never within a character."""
    piece = ""
    for character in line:
        if len((piece + character).encode("utf-8")) > _CHUNK:
            cut = piece.rfind(" ") + 1 or len(piece)
            yield piece[:cut].encode("utf-8")
            piece = piece[cut:]
        piece += character
    yield piece.encode("utf-8")
