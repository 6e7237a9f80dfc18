"""A local mail server that keeps every letter in a Maildir: plain SMTP on a free port, for the demo."""

from __future__ import annotations

import socketserver
import threading
from email.parser import BytesHeaderParser
from pathlib import Path

from flows.mail.maildir import Maildir

LONGEST_LINE = 1_000_000
LARGEST_LETTER = 50_000_000


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    keeper: MailServer


class MailServer:
    """Take letters on a free local port until `close`; each is in the Maildir before it is accepted."""

    def __init__(self, folder: Path) -> None:
        """Start serving; the Maildir is made when the first letter comes."""
        self.folder = Maildir(folder)
        self._lock = threading.Lock()
        self._server = _Threads(("127.0.0.1", 0), _Session)
        self._server.keeper = self
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def keep(self, recipients: list[str], letter: bytes) -> bool:
        """Store one letter under a name made of its Message-ID; False where the folder cannot be written."""
        message_id = str(BytesHeaderParser().parsebytes(letter)["Message-ID"] or letter[:2000])
        with self._lock:
            return self.folder.send(message_id, recipients[0], letter).result == "sent"


class _Session(socketserver.StreamRequestHandler):
    """Hold one conversation: EHLO, MAIL, RCPT, DATA, and again."""

    disable_nagle_algorithm = True
    server: _Threads

    def handle(self) -> None:
        """Answer line by line until the client leaves."""
        self.sender: str | None = None
        self.recipients: list[str] = []
        self._say("220 localhost Heardback demo")
        while line := self.rfile.readline(LONGEST_LINE):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    self._reset()
                    self._say("250-localhost", "250-8BITMIME", "250-SMTPUTF8", f"250 SIZE {LARGEST_LETTER}")
                case "HELO" | "RSET":
                    self._reset()
                    self._say("250 OK")
                case "NOOP":
                    self._say("250 OK")
                case "MAIL":
                    self._mail(rest)
                case "RCPT":
                    self._recipient(rest)
                case "DATA":
                    if not self._data():
                        return
                case "QUIT":
                    self._say("221 Goodbye")
                    return
                case _:
                    self._say("502 This command is not known here")

    def _mail(self, words: str) -> None:
        if self.sender is not None:
            self._say("503 The sender is known already")
        elif (sender := _address(words, "FROM:")) is None:
            self._say("501 Write MAIL FROM:<address>")
        else:
            self.sender = sender
            self._say("250 OK")

    def _recipient(self, words: str) -> None:
        address = _address(words, "TO:")
        if self.sender is None:
            self._say("503 First the sender")
        elif not address:
            self._say("501 Write RCPT TO:<address>")
        else:
            self.recipients.append(address)
            self._say("250 OK")

    def _data(self) -> bool:
        """Read a letter up to the single dot; False where the client went away before it."""
        if not self.recipients:
            self._say("503 First the recipients")
            return True
        self._say("354 End with a dot on a line of its own")
        letter = bytearray()
        while (line := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b".\n"):
            if not line:
                return False
            if len(letter) <= LARGEST_LETTER:
                letter += line[1:] if line.startswith(b".") else line
        if len(letter) > LARGEST_LETTER:
            self._say("552 The letter is too large")
        else:
            is_kept = self.server.keeper.keep(self.recipients, bytes(letter))
            self._say("250 Kept" if is_kept else "452 The letters' folder cannot be written")
        self._reset()
        return True

    def _reset(self) -> None:
        self.sender, self.recipients = None, []

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


def _address(words: str, name: str) -> str | None:
    """Read `FROM:<address> OPTIONS`; None where it is written otherwise."""
    if not words.upper().startswith(name):
        return None
    rest = words[len(name) :].strip()
    if not rest.startswith("<") or ">" not in rest:
        return None
    return rest[1 : rest.index(">")]
