"""`letters_vs_smtplib`, `letters_10k_vs_smtplib`: rendered letters from the ledger, beside a bare loop.

Ours notes each letter durably before its connection takes the next: over one connection, and, ten thousand
letters, over as many as the configuration has by default. The loop sends the same bytes over one.
"""

from __future__ import annotations

import json
import shutil
import smtplib
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller

from benchmarks.harness import BUILD, middle, python, server
from flows import ledger
from flows.configuration import Letters
from flows.mail.outbox import open_door
from flows.mail.sending import send_waiting
from flows.records import Letter

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
LETTERS, TEN_THOUSAND, ROUNDS = 2_000, 10_000, 3
SENDER = "heardback@localhost"


def measure() -> dict[str, float]:
    """Give our letters per second by smtplib's; an empty run of each is subtracted."""
    one, bare_one = _side_by_side(LETTERS, 1)
    many, bare_many = _side_by_side(TEN_THOUSAND, Letters().connections)
    return {
        "letters_vs_smtplib": bare_one / one,
        "letters_10k_vs_smtplib": bare_many / many,
        "letters_per_second": LETTERS / one,
        "letters_10k_per_second": TEN_THOUSAND / many,
        "smtplib_letters_per_second": LETTERS / bare_one,
    }


def _side_by_side(letters: int, connections: int) -> tuple[float, float]:
    """Give seconds of ours over so many connections, and of the loop, measured in turn."""
    folder = BUILD / "bench" / "letters"
    with server("benchmarks.letters", "serve") as url:
        ours, bare, our_start, bare_start = [], [], [], []
        for _ in range(ROUNDS):
            for count, mine, others in ((letters, ours, bare), (0, our_start, bare_start)):
                prepare(folder, count)
                mine.append(python("benchmarks.letters", "ours", url, folder, connections))
                others.append(python("benchmarks.letters", "bare", url, folder))
    return middle(ours) - middle(our_start), middle(bare) - middle(bare_start)


def prepare(folder: Path, count: int) -> None:
    """Put the same letters into a fresh ledger and into a file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    letters = [_letter(number) for number in range(count)]
    with ledger.open_ledger(f"sqlite:///{folder / 'ledger.sqlite'}") as book, book.writing() as connection:
        for letter in letters:
            ledger.queue_letter(connection, letter, NOW)
    lines = [json.dumps([letter.recipient, letter.body.decode("ascii")]) for letter in letters]
    (folder / "letters.jsonl").write_text("\n".join(lines), encoding="ascii")


def ours(url: str, folder: Path, connections: int) -> None:
    """Send what waits in the ledger, as `heardback notify` does."""
    doors = [open_door(url, SENDER, folder / "letters") for _ in range(connections)]
    with ledger.open_ledger(f"sqlite:///{folder / 'ledger.sqlite'}") as book:
        send_waiting(book, doors, NOW)
        waiting = ledger.letters_waiting(book)
    for door in doors:
        door.close()
    if waiting:
        sys.exit(f"{waiting} letters were not sent")


def bare(url: str, folder: Path) -> None:
    """Send the same bytes over one connection and note nothing."""
    address = urlsplit(url)
    with smtplib.SMTP(str(address.hostname), address.port or 0) as wire:
        for line in (folder / "letters.jsonl").read_text(encoding="ascii").splitlines():
            recipient, body = json.loads(line)
            wire.sendmail(SENDER, [recipient], body.encode("ascii"))


def _letter(number: int) -> Letter:
    """Write a letter of the size that assignment letters have, 27 KB of text and page."""
    message = EmailMessage()
    message["From"], message["To"] = SENDER, f"owner{number}@example.com"
    message["Subject"], message["Message-ID"] = "Two customers wait for you", f"<bench.{number}@localhost>"
    message.set_content("Somebody waited at home all day and nobody came.\n" * 120)
    message.add_alternative("<p>Somebody waited at home all day and nobody came.</p>\n" * 370, subtype="html")
    body = message.as_bytes().replace(b"\n", b"\r\n")
    letter = Letter(
        "", "assignment", (f"key{number}",), f"owner{number}@example.com", "Two customers wait", body
    )
    return replace(letter, message_id=str(message["Message-ID"]))


class _Sink:
    """Accept every letter and keep none: the server's disk is not what is measured."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        """Say yes."""
        return "250 OK"


class _AnyPort(Controller):
    """Learn which port the system chose before the server is tried."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def serve() -> None:
    """Serve with aiosmtpd, which is neither ours nor theirs, until the standard input is closed."""
    sink = _AnyPort(_Sink(), hostname="127.0.0.1", port=0)
    sink.start()
    print(f"smtp://127.0.0.1:{sink.port}", flush=True)
    sys.stdin.read()
    sink.stop()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["ours", url, folder, connections]:
            ours(url, Path(folder), int(connections))
        case ["bare", url, folder]:
            bare(url, Path(folder))
