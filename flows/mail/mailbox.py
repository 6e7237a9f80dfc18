"""The mailbox that answers come to, over IMAP: what is new in it, and a mark on what was dealt with.

A message is new until it bears our own keyword, so that a person who reads along takes nothing away from us.
Servers that keep no keywords of others get the mark of having been seen instead.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessage
from imap_tools.errors import ImapToolsError

from flows.mail.cleaning import one_line
from flows.records import ConfigurationError, HeardbackError

KEYWORD = "Heardback"
LARGEST = 25_000_000  # bytes: nobody says "done" in more


class Unreachable(HeardbackError):
    """Say that the mailbox cannot be read, and why; answers wait there for the next run."""


class Answers:
    """Read one folder of a mailbox; connected when the first message is asked for."""

    def __init__(self, url: str, timeout: float = 30) -> None:
        """Read `imaps://user:password@host/INBOX` or `imap://…`; raises ConfigurationError for others."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("imap", "imaps") or not parts.hostname:
            raise ConfigurationError(
                "HEARDBACK_IMAP_URL is no address of a mailbox: write imaps://user:password@host/INBOX."
            )
        self.host, self.encrypted = parts.hostname, parts.scheme == "imaps"
        self.port = port or (993 if self.encrypted else 143)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.folder = unquote(parts.path.strip("/")) or "INBOX"
        self.timeout = timeout
        self._box: BaseMailBox | None = None

    def new(self) -> Iterator[tuple[str, MailMessage]]:
        """Give each message that was not dealt with, oldest first, with its UID; raises Unreachable."""
        for uid in self._uids():
            with self._in_words():
                found = list(self._opened().fetch(uid_list=uid, mark_seen=False))
            for message in found:
                if message.size <= LARGEST:
                    yield uid, message

    def done(self, uid: str) -> None:
        """Mark a message as dealt with; raises Unreachable."""
        with self._in_words():
            client = self._opened().client  # `flag` of imap-tools would expunge what others deleted
            status, _ = client.uid("STORE", uid, "+FLAGS", f"(\\Seen {KEYWORD})")
            if status != "OK":
                client.uid("STORE", uid, "+FLAGS", "(\\Seen)")

    def probe(self) -> str:
        """Log in, look, and change nothing; gives what is wrong in words, or nothing."""
        try:
            self._uids()
        except Unreachable as fault:
            return str(fault)
        finally:
            self.close()
        return ""

    def close(self) -> None:
        """Say goodbye; what the server answers no longer matters."""
        if self._box is not None:
            with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
                self._box.logout()
        self._box = None

    def _uids(self) -> list[str]:
        with self._in_words():
            box = self._opened()
            try:
                return box.uids(
                    f"UNKEYWORD {KEYWORD}" if self._keeps_keywords(box) else "UNSEEN", charset=None
                )
            except (ImapToolsError, imaplib.IMAP4.error):
                return box.uids("UNSEEN", charset=None)

    @staticmethod
    def _keeps_keywords(box: BaseMailBox) -> bool:
        allowed = str(box.client.untagged_responses.get("PERMANENTFLAGS", []))
        return "*" in allowed or KEYWORD in allowed

    def _opened(self) -> BaseMailBox:
        if self._box is None:
            context = ssl.create_default_context()
            box: BaseMailBox
            if self.encrypted:
                box = MailBox(self.host, self.port, timeout=self.timeout, ssl_context=context)
            else:
                box = MailBoxUnencrypted(self.host, self.port, timeout=self.timeout)
                if "STARTTLS" in box.client.capabilities:
                    box.client.starttls(context)
            self._box = box.login(self.user, self.password, initial_folder=self.folder)
        return self._box

    def _in_words(self) -> _InWords:
        return _InWords(self)


class _InWords:
    """Turn what goes wrong with a mailbox into one sentence without the password."""

    def __init__(self, box: Answers) -> None:
        self.box = box

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | imaplib.IMAP4.error | ImapToolsError):
            said = one_line(error)[:200] or type(error).__name__
            said = said.replace(self.box.password, "***") if self.box.password else said
            self.box.close()
            raise Unreachable(
                f"the mailbox at {self.box.host}:{self.box.port} cannot be read: {said}; answers wait there"
            ) from error
