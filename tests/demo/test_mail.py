"""The demo's mail server takes what Python's own client sends and keeps it to the letter."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from demo.mail import MailServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path / "letters") as running:
        yield running


def client(server: MailServer) -> smtplib.SMTP:
    address = urlsplit(server.url)
    return smtplib.SMTP(str(address.hostname), address.port or 0, timeout=5)


def letter(message_id: str, text: str = "שלום\n.a line with a dot\n..\nend\n") -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Grüße 🛋"
    message["Message-ID"] = message_id
    message.set_content(text)
    return message


def kept(server: MailServer) -> list[EmailMessage]:
    paths = sorted((server.folder.folder / "new").iterdir())
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


def test_letters_arrive_whole_over_one_connection(server: MailServer) -> None:
    with client(server) as wire:
        for number in range(5):
            wire.send_message(letter(f"<{number}@example.com>"))

    assert sorted(one["Message-ID"] for one in kept(server)) == [f"<{n}@example.com>" for n in range(5)]
    assert {one.get_content() for one in kept(server)} == {"שלום\n.a line with a dot\n..\nend\n"}
    assert kept(server)[0]["Subject"] == "Grüße 🛋"


def test_the_same_letter_twice_is_one_file(server: MailServer) -> None:
    with client(server) as wire:
        wire.send_message(letter("<same@example.com>"))
        wire.send_message(letter("<same@example.com>"))

    assert len(kept(server)) == 1


def test_bytes_beyond_ascii_and_addresses_beyond_ascii_are_taken(server: MailServer) -> None:
    raw = "Message-ID: <8@example.com>\r\nSubject: plain\r\n\r\nzażółć\r\n".encode()
    with client(server) as wire:
        wire.ehlo()
        assert wire.has_extn("8bitmime") and wire.has_extn("smtputf8")
        wire.sendmail("a@example.com", ["jörg@example.com"], raw, ["body=8bitmime", "smtputf8"])

    path = next((server.folder.folder / "new").iterdir())
    assert "zażółć" in path.read_text(encoding="utf-8")


def test_reset_forgets_and_wrong_order_is_refused(server: MailServer) -> None:
    with client(server) as wire:
        wire.ehlo()
        assert wire.rcpt("b@example.com")[0] == 503
        assert wire.mail("a@example.com")[0] == 250
        assert wire.mail("a@example.com")[0] == 503
        assert wire.docmd("DATA")[0] == 503
        assert wire.rset()[0] == 250
        assert wire.rcpt("b@example.com")[0] == 503
        assert wire.docmd("TURN")[0] == 502
        assert wire.mail("")[0] == 250  # the empty sender of bounces
        assert wire.docmd("RCPT", "TO:nobody")[0] == 501


def test_a_letter_that_breaks_off_is_not_kept(server: MailServer) -> None:
    wire = client(server)
    wire.ehlo()
    wire.mail("a@example.com")
    wire.rcpt("b@example.com")
    assert wire.docmd("DATA")[0] == 354
    wire.send(b"Message-ID: <half@example.com>\r\n\r\nhalf of it")
    wire.close()

    with client(server) as other:
        other.send_message(letter("<whole@example.com>"))
    assert [one["Message-ID"] for one in kept(server)] == ["<whole@example.com>"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("a file stands in the way")
    with MailServer(tmp_path / "letters") as server, client(server) as wire:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            wire.send_message(letter("<one@example.com>"))
        assert refused.value.smtp_code == 452
