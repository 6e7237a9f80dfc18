"""A mailbox for tests: a real IMAP server in its own process, and messages as mail programs write them."""

from __future__ import annotations

import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from tests.mail.imap_server import PASSWORD, USER

SERVER = Path(__file__).with_name("imap_server.py")


class PostOffice:
    """Hold a mailbox that can be put into, and the server that shows it."""

    def __init__(self, folder: Path, *, keywords: bool = True) -> None:
        self.folder, self.number = folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, str(SERVER), str(folder), *(["keywords"] if keywords else [])]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"imap://{USER}:{quote(PASSWORD)}@127.0.0.1:{int(self._process.stdout.readline())}"

    def put(self, message: EmailMessage | bytes) -> int:
        """Let a message arrive; returns its UID."""
        self.number += 1
        body = message if isinstance(message, bytes) else message.as_bytes()
        lines = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        (self.folder / f"{self.number}.eml").write_bytes(lines)
        return self.number

    def flags(self, uid: int) -> set[str]:
        """Give the flags of a message."""
        path = self.folder / f"{uid}.flags"
        return set(path.read_text().split()) if path.exists() else set()

    def close(self) -> None:
        """Stop serving."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def answer(
    text: str, to: str, sender: str = "Anna Schmidt <anna@acme.example>", **headers: str
) -> EmailMessage:
    """Write an answer to the letter with a Message-ID."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "answers@acme.example"
    message["Subject"] = headers.pop("Subject", "Re: NPS 2 of 10: Maria López, Checkout")
    message["Message-ID"] = headers.pop("Message_ID", f"<{abs(hash((text, to, sender)))}@phone.example>")
    if to:
        message["In-Reply-To"] = to
        message["References"] = f"<older@acme.example> {to}"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def bounce(letter_id: str, action: str = "failed", reason: str = "smtp; 550 5.1.1 no such user") -> bytes:
    """Write the report of a mail server about a letter, as RFC 3464 says it."""
    return f"""From: Mail Delivery System <mailer-daemon@mx.example>
To: feedback@acme.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{action}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@acme.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: {reason}

--cut
Content-Type: text/rfc822-headers

From: Acme <feedback@acme.example>
Message-ID: {letter_id}
Subject: NPS 2 of 10

--cut--
""".encode()
