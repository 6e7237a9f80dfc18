"""The road by mail alone: a letter from an SMTP server is answered, reminded of, and told in the digest."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from flows import ledger
from flows.warehouse.marts import current_build
from tests.installations import Installation
from tests.mail.conftest import FreePort, Postmaster
from tests.mail.post_office import PostOffice, answer

MONDAY, TUESDAY = "2026-05-04T09:00:00Z", "2026-05-05T15:00:00Z"


class Channel(BaseHTTPRequestHandler):
    """Take what Apprise posts to a channel."""

    posted: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        self.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


class Shop:
    """Hold an installation with a mail server, a mailbox and a channel of its own."""

    def __init__(self, folder: Path) -> None:
        self.keeper, self.office = Postmaster(), PostOffice(folder / "mailbox")
        self.controller = FreePort(self.keeper, hostname="127.0.0.1", port=0)
        self.controller.start()
        self.channel = ThreadingHTTPServer(("127.0.0.1", 0), Channel)
        Thread(target=self.channel.serve_forever, daemon=True).start()
        self.installation = Installation(
            folder / "shop",
            HEARDBACK_SMTP_URL=f"smtp://127.0.0.1:{self.controller.port}",
            HEARDBACK_IMAP_URL=self.office.url,
            HEARDBACK_MAIL_FROM="feedback@acme.example",
        )
        change(
            self.installation, "teams", manager_email="lead@acme.example", digest_weekday="1", language="de"
        )
        change(self.installation, "teams", notify_url=f"json://127.0.0.1:{self.channel.server_port}/")
        change(self.installation, "owners", email="anna@acme.example", name="Anna")

    def run(self, *words: str, at: str = MONDAY, status: int = 0) -> str:
        done = self.installation.run(*words, HEARDBACK_NOW=at)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def letters(self) -> list[Any]:
        return [
            email.message_from_bytes(body, policy=email.policy.default) for _, body in self.keeper.letters
        ]

    def kinds(self) -> Counter[tuple[str, str]]:
        return Counter((one["X-Heardback-Kind"], one["To"].addresses[0].addr_spec) for one in self.letters())

    def events(self) -> list[str]:
        with ledger.open_ledger(f"sqlite:///{self.installation.home / 'ledger.sqlite'}") as book:
            return [one["event"] for one in ledger.events_after(book, 0)]

    def close(self) -> None:
        self.controller.stop()
        self.office.close()
        self.channel.shutdown()
        self.channel.server_close()


def change(installation: Installation, table: str, **cells: str) -> None:
    """Write cells into every row of a programme table."""
    path = installation.folder / "programme" / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    columns = list(dict.fromkeys([*rows[0], *cells]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**row, **cells} for row in rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Run an installation on its first Monday."""
    made = Shop(tmp_path_factory.mktemp("by_mail"))
    try:
        made.run("run")
        yield made
    finally:
        made.close()


def test_the_first_run_writes_the_letter_and_the_teams_week(shop: Shop) -> None:
    assert shop.kinds() == {("assignment", "anna@acme.example"): 1, ("digest", "anna@acme.example"): 1}
    assert len(Channel.posted) == 1
    assert "Woche vom" in Channel.posted[0]["title"]
    shop.run("run")
    assert sum(shop.kinds().values()) == 2
    assert len(Channel.posted) == 1


def test_a_button_opens_a_mail_that_says_it(shop: Shop) -> None:
    letter = next(one for one in shop.letters() if one["X-Heardback-Kind"] == "assignment")
    page = str(letter.get_body(("html",)).get_content())
    buttons = [urlsplit(one.replace("&amp;", "&")) for one in re.findall(r'href="(mailto:[^"]+)"', page)]
    assert len(buttons) == 3
    assert {unquote(one.path) for one in buttons} == {"feedback@acme.example"}
    words = [parse_qs(one.query)["body"][0].split("\r\n")[0] for one in buttons]
    assert words == ["übernommen", "erreicht", "erledigt"]
    subject = parse_qs(buttons[1].query)["subject"][0]
    sent = answer("erreicht\r\n\r\nSie war sehr freundlich.", "", Subject=subject)
    uid = shop.office.put(sent)
    assert "1 answer by mail, 1 event noted" in shop.run("listen", at="2026-05-04T10:00:00Z")
    assert shop.events() == ["assigned", "contacted"]
    assert "\\Seen" in shop.office.flags(uid)
    assert "answer" not in shop.run("listen", at="2026-05-04T10:00:00Z")


def test_reminders_go_out_though_there_is_no_warehouse(shop: Shop) -> None:
    shop.installation.add_answers("r9,2026-05-04T11:00:00Z,c9,eve@example.com,1,Still waiting")
    shop.run("run", at="2026-05-04T12:00:00Z")
    assert shop.kinds()["assignment", "anna@acme.example"] == 2
    shutil.move(shop.installation.home / "warehouse.duckdb", shop.installation.folder / "aside")
    with ledger.open_ledger(f"sqlite:///{shop.installation.home / 'ledger.sqlite'}") as book:
        (due,) = [row["due_at"] for row, _ in ledger.not_reached(book)]
    for hours, expected in ((-4, (1, 0)), (0, (2, 0)), (1, (2, 1)), (48, (2, 1))):
        shop.run("remind", at=(due + timedelta(hours=hours)).isoformat())
        found = shop.kinds()
        assert (found["reminder", "anna@acme.example"], found["escalation", "lead@acme.example"]) == expected
    shutil.move(shop.installation.folder / "aside", shop.installation.home / "warehouse.duckdb")


def test_a_mailbox_that_is_away_is_said_and_stops_nothing(shop: Shop) -> None:
    said = shop.installation.run(
        "listen", HEARDBACK_NOW=TUESDAY, HEARDBACK_IMAP_URL="imap://ann:s3cret@127.0.0.1:1"
    )
    assert said.returncode == 1
    assert "the mailbox at 127.0.0.1:1 cannot be read" in said.stdout
    assert "s3cret" not in said.stdout + said.stderr


def test_a_digest_waits_for_its_day_and_for_a_build_that_passed(shop: Shop) -> None:
    before = shop.kinds()
    assert "no team's digest" in shop.run("digest", at="2026-05-05T09:00:00Z")  # a Tuesday
    build_id, home = current_build(shop.installation.home), shop.installation.home
    with ledger.open_ledger(f"sqlite:///{home / 'ledger.sqlite'}") as book:
        ledger.record_build(book, str(build_id), False, "It is broken.", [], datetime(2026, 5, 5, tzinfo=UTC))
    shop.run("digest", at="2026-05-11T09:00:00Z", status=3)
    assert shop.kinds() == before
