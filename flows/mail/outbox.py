"""The way out: one SMTP connection, or a Maildir; and what each refusal means for the letter.

A door answers with one of four outcomes: `sent`; `refused` (this letter, for good); `later` (this letter, not
now); `down` (no letter can go now). What the server may have taken before it fell silent goes again under the
same Message-ID: mail programs show it once, and nothing is lost.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flows.mail.cleaning import one_line
from flows.mail.doors import Door, Outcome
from flows.mail.maildir import Maildir
from flows.mail.message import Sender
from flows.records import ConfigurationError


def open_door(smtp_url: str, mail_from: str, letters_folder: Path) -> Door:
    """Choose the way out: the SMTP server if one is set, else the Maildir. Nothing is connected yet."""
    return Smtp(smtp_url, Sender(mail_from).parsed().addr_spec) if smtp_url else Maildir(letters_folder)


class _Dead(Exception):
    """The connection is gone, or must be taken for gone."""


class Smtp:
    """Send over one connection, made when the first letter comes and made again when the server drops it."""

    def __init__(self, url: str, mail_from: str, timeout: float = 60) -> None:
        """Read `smtp://user:password@host:587` or `smtps://...`; raises ConfigurationError for others."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ConfigurationError(
                "HEARDBACK_SMTP_URL is no address of a mail server: write smtp://host:587."
            )
        self.host = parts.hostname
        self.port = port or (465 if parts.scheme == "smtps" else 587)
        self.encrypted = parts.scheme == "smtps"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.mail_from, self.timeout = mail_from, timeout
        self._server: smtplib.SMTP | None = None

    def send(self, message_id: str, recipient: str, body: bytes) -> Outcome:
        """Send one message; a connection that died is made anew once, then the server counts as down."""
        reason = ""
        for _ in range(2):
            try:
                return self._send(self._connected(), recipient, body)
            except _Dead as dead:
                reason = str(dead)
                self._forget()
            except (OSError, smtplib.SMTPException) as error:  # while connecting
                self._forget()
                return Outcome("down", self._in_words(error))
        return Outcome("down", reason)

    def probe(self) -> str:
        """Connect, greet and log in, and send nothing; gives what is wrong in words, or nothing."""
        try:
            self._connected()
        except (OSError, smtplib.SMTPException) as error:
            return self._in_words(error)
        finally:
            self.close()
        return ""

    def close(self) -> None:
        """Say goodbye to the server; what it answers no longer matters."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._forget()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        name = socket.gethostname()
        hello = name if name.isascii() and name else "localhost"  # the full name may take DNS seconds to find
        context = ssl.create_default_context()
        if self.encrypted:
            server: smtplib.SMTP
            server = smtplib.SMTP_SSL(self.host, self.port, hello, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, hello, timeout=self.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if not self.encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _send(self, server: smtplib.SMTP, recipient: str, body: bytes) -> Outcome:
        options = ["smtputf8", "body=8bitmime"] if not recipient.isascii() else []
        if options and not server.has_extn("smtputf8"):
            return Outcome(
                "refused", "the mail server takes no address with letters beyond ASCII before the @"
            )
        try:
            server.sendmail(self.mail_from, [recipient], body, options)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return self._judge(code, said)
        except smtplib.SMTPSenderRefused as error:
            if (
                500 <= error.smtp_code < 600 and error.smtp_code != 552
            ):  # not this letter: whoever writes is refused
                return Outcome("down", f"it refuses the sender: {_said(error.smtp_code, error.smtp_error)}")
            return self._judge(error.smtp_code, error.smtp_error)
        except smtplib.SMTPDataError as error:
            return self._judge(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise _Dead(self._in_words(error)) from error
        return Outcome("sent")

    def _judge(self, code: int, said: bytes | str) -> Outcome:
        if code == 421:
            raise _Dead(f"it closed the connection: {_said(code, said)}")
        return Outcome("refused" if code >= 500 else "later", f"the mail server said {_said(code, said)}")

    def _forget(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None

    def _in_words(self, error: BaseException) -> str:
        """Say what happened without the password, which some servers repeat."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"it refuses the user name or password ({error.smtp_code})"
        text = one_line(error)[:200] or type(error).__name__
        return text.replace(self.password, "***") if self.password else text


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {one_line(text)[:200]}"
