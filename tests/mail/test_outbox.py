"""The wire: what each answer of a mail server means for its letter; a Maildir holds each letter once."""

from __future__ import annotations

import asyncio
import mailbox
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.ledger import Ledger, claim_letters, letters_by_status, promise, queue_letter, requeue_abandoned
from flows.mail.doors import Outcome
from flows.mail.letters import assignment_letter
from flows.mail.maildir import Maildir
from flows.mail.message import Sender
from flows.mail.outbox import Smtp, open_door
from flows.mail.quiet import quiet_until
from flows.mail.sending import hold_quiet, send_waiting
from flows.records import ConfigurationError, Letter, Promise

BODY = b"From: a@x\r\nSubject: one\r\n\r\n.first dot\r\nend\r\n"


def queue(book: Ledger, monday: datetime, *recipients: str) -> list[str]:
    ids = []
    for number, recipient in enumerate(recipients):
        ids.append(f"<{number}@acme.example>")
        body = f"From: a@x\r\nTo: {recipient}\r\nMessage-ID: {ids[-1]}\r\n\r\nhello\r\n".encode()
        with book.writing() as connection:
            queue_letter(connection, Letter(ids[-1], "assignment", (), recipient, "s", body), monday)
    return ids


def smtp(postmaster: Any, timeout: float = 5) -> Smtp:
    return Smtp(postmaster.url, "feedback@acme.example", timeout)


def test_all_letters_go_over_one_connection(book: Ledger, postmaster: Any, monday: datetime) -> None:
    ids = queue(book, monday, *(f"p{number}@acme.example" for number in range(25)))
    door = smtp(postmaster)
    assert send_waiting(book, [door], monday).sent == 25
    door.close()
    assert sorted(postmaster.ids) == sorted(ids)
    assert postmaster.letters[0][0] == ["p0@acme.example"]
    assert postmaster.connections == 1
    assert letters_by_status(book) == {"sent": 25}


def test_what_is_sent_is_what_was_written(postmaster: Any) -> None:
    assert smtp(postmaster).send("<1@x>", "ann@acme.example", BODY) == Outcome("sent")
    assert postmaster.letters == [(["ann@acme.example"], BODY)]


def test_a_connection_that_dies_costs_its_letter_only(
    book: Ledger, postmaster: Any, monday: datetime
) -> None:
    """Three connections stand, one leads nowhere: what it was handed goes out later, all else now."""
    queue(book, monday, *(f"p{number}@acme.example" for number in range(40)))
    nowhere = Smtp("smtp://127.0.0.1:1", "a@acme.example")
    counts = send_waiting(book, [nowhere, *(smtp(postmaster) for _ in range(3))], monday)
    assert (counts.sent, counts.down, len(counts.postponed)) == (39, "", 1)
    assert letters_by_status(book) == {"sent": 39, "queued": 1}
    assert send_waiting(book, [smtp(postmaster)], monday).sent == 1
    assert len(set(postmaster.ids)) == len(postmaster.ids) == 40


def test_a_refused_address_costs_its_letter_only(book: Ledger, postmaster: Any, monday: datetime) -> None:
    queue(book, monday, "a@acme.example", "gone@acme.example", "busy@acme.example", "b@acme.example")
    postmaster.refused = {"gone@acme.example": "550 no such user", "busy@acme.example": "451 try later"}
    counts = send_waiting(book, [smtp(postmaster)], monday)
    assert (counts.sent, counts.down) == (2, "")
    assert "550 no such user" in counts.refused[0]
    assert "451 try later" in counts.postponed[0]
    assert letters_by_status(book) == {"sent": 2, "failed": 1, "queued": 1}
    postmaster.refused = {}
    assert send_waiting(book, [smtp(postmaster)], monday).sent == 1
    assert letters_by_status(book) == {"sent": 3, "failed": 1}


def test_a_content_refused_costs_its_letter_only(book: Ledger, postmaster: Any, monday: datetime) -> None:
    queue(book, monday, "a@acme.example", "b@acme.example")
    answers = iter(["554 looks like spam"])

    async def once(server: Any) -> str | None:
        return next(answers, None)

    postmaster.before = once
    assert send_waiting(book, [smtp(postmaster)], monday).sent == 1
    assert letters_by_status(book) == {"sent": 1, "failed": 1}


def test_a_server_that_is_down_leaves_everything_queued(book: Ledger, monday: datetime) -> None:
    queue(book, monday, *(f"p{number}@acme.example" for number in range(15)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    counts = send_waiting(book, [Smtp(f"smtp://ann:s3cret@127.0.0.1:{port}", "a@x")], monday)
    assert counts.sent == 0
    assert "refused" in counts.down
    assert "s3cret" not in counts.down
    assert letters_by_status(book) == {"queued": 15}


@pytest.mark.parametrize("kept", [False, True])
def test_a_server_that_dies_in_the_middle_is_called_again(
    book: Ledger, postmaster: Any, monday: datetime, kept: bool
) -> None:
    """Before it kept the letter, nothing is twice; after, its twin has the same Message-ID."""
    ids = queue(book, monday, *(f"p{number}@acme.example" for number in range(8)))
    died: list[int] = []

    async def die_at_the_third(server: Any) -> str | None:
        if len(postmaster.letters) == 3 and not died:
            died.append(1)
            server.transport.abort()
        return None

    async def die(server: Any) -> str | None:
        await die_at_the_third(server)
        return "451 dying" if died == [1] and not died.append(2) else None

    if kept:
        postmaster.after = die_at_the_third
    else:
        postmaster.before = die
    assert send_waiting(book, [smtp(postmaster)], monday).sent == 8
    assert letters_by_status(book) == {"sent": 8}
    assert set(postmaster.ids) == set(ids)
    assert len(postmaster.ids) == (9 if kept else 8)
    assert postmaster.connections == 2


def test_421_is_a_reason_to_call_again(book: Ledger, postmaster: Any, monday: datetime) -> None:
    ids = queue(book, monday, *(f"p{number}@acme.example" for number in range(5)))
    answers = iter([None, None, "421 too many letters on this connection"])

    async def sometimes(server: Any) -> str | None:
        return next(answers, None)

    postmaster.before = sometimes
    assert send_waiting(book, [smtp(postmaster)], monday).sent == 5
    assert sorted(postmaster.ids) == sorted(ids)
    assert postmaster.connections == 2


def test_421_to_every_letter_leaves_them_queued(book: Ledger, postmaster: Any, monday: datetime) -> None:
    queue(book, monday, *(f"p{number}@acme.example" for number in range(5)))

    async def always(server: Any) -> str:
        return "421 not today"

    postmaster.before = always
    assert "421 not today" in send_waiting(book, [smtp(postmaster)], monday).down
    assert letters_by_status(book) == {"queued": 5}


def test_silence_after_the_final_dot_sends_the_same_letter_again(
    book: Ledger, postmaster: Any, monday: datetime
) -> None:
    ids = queue(book, monday, "a@acme.example", "b@acme.example")
    silences = iter([3])

    async def silent(server: Any) -> str | None:
        await asyncio.sleep(next(silences, 0))
        return None

    postmaster.after = silent
    assert send_waiting(book, [smtp(postmaster, timeout=1)], monday).sent == 2
    assert sorted(postmaster.ids) == sorted([ids[0], *ids])
    assert postmaster.letters[0][1] == postmaster.letters[1][1]
    assert letters_by_status(book) == {"sent": 2}


def test_a_sender_who_is_refused_fails_no_letter(book: Ledger, postmaster: Any, monday: datetime) -> None:
    queue(book, monday, "a@acme.example")
    postmaster.sender_refused = "550 you may not write"
    assert "550 you may not write" in send_waiting(book, [smtp(postmaster)], monday).down
    assert letters_by_status(book) == {"queued": 1}


def test_letters_beyond_ascii_before_the_at_sign_need_a_server_that_takes_them(postmaster: Any) -> None:
    assert smtp(postmaster).send("<1@x>", "jörg@acme.example", BODY).result == "refused"
    assert smtp(postmaster).send("<2@x>", "ann@xn--strae-oqa.example", BODY).result == "sent"


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", "smtp://host:port"])
def test_a_wrong_address_of_the_mail_server_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="HEARDBACK_SMTP_URL"):
        open_door(url, "a@acme.example", tmp_path)


def test_without_a_mail_server_letters_go_to_a_maildir(tmp_path: Path) -> None:
    door = open_door("", "a@acme.example", tmp_path / "letters")
    for _ in range(3):
        assert door.send("<1@x>", "ann@acme.example", BODY) == Outcome("sent")
    box = mailbox.Maildir(tmp_path / "letters", create=False)
    assert [message["Subject"] for message in box] == ["one"]
    assert [message.get_payload() for message in box] == [".first dot\nend\n"]
    assert list((tmp_path / "letters" / "tmp").iterdir()) == []


def test_a_letter_that_was_read_already_is_not_delivered_again(tmp_path: Path) -> None:
    door = Maildir(tmp_path)
    door.send("<1@x>", "ann@acme.example", BODY)
    new = next((tmp_path / "new").iterdir())
    new.rename(tmp_path / "cur" / f"{new.name}:2,S")
    door.send("<1@x>", "ann@acme.example", BODY)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_cannot_be_written_leaves_letters_queued(
    book: Ledger, tmp_path: Path, monday: datetime
) -> None:
    queue(book, monday, "a@acme.example")
    (tmp_path / "letters").write_text("a file stands here")
    assert "cannot be written" in send_waiting(book, [Maildir(tmp_path / "letters")], monday).down
    assert letters_by_status(book) == {"queued": 1}


QUIET = [
    # quiet hours, zone, now in UTC, end in UTC; 4 May 2026 Berlin is UTC+2, New York UTC-4
    ("21:00-07:00", "Europe/Berlin", "2026-05-04T20:00", "2026-05-05T05:00"),
    ("21:00-07:00", "Europe/Berlin", "2026-05-04T04:59", "2026-05-04T05:00"),
    ("21:00-07:00", "Europe/Berlin", "2026-05-04T05:00", None),
    ("21:00-07:00", "Europe/Berlin", "2026-05-04T18:59", None),
    ("21:00-07:00", "America/New_York", "2026-05-04T20:00", None),
    ("12:00-13:00", "UTC", "2026-05-04T12:30", "2026-05-04T13:00"),
    (
        "21:00-07:00",
        "Europe/Berlin",
        "2026-03-28T22:00",
        "2026-03-29T05:00",
    ),  # the night the clocks go forward
    ("", "UTC", "2026-05-04T12:30", None),
]


@pytest.mark.parametrize(("hours", "zone", "now", "ends"), QUIET)
def test_quiet_hours(hours: str, zone: str, now: str, ends: str | None) -> None:
    expected = datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None
    assert quiet_until(hours, zone, datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_letters_wait_for_the_end_of_quiet_hours(
    book: Ledger, a_follow_up: Callable[..., dict[str, Any]], sender: Sender, tmp_path: Path
) -> None:
    night = datetime(2026, 5, 4, 21, tzinfo=UTC)  # 23:00 in Berlin, 17:00 in New York
    for owner, zone in (("anna", "Europe/Berlin"), ("bob", "America/New_York")):
        made = a_follow_up(follow_up_key=f"key-{owner}", submitted_at="x"[:0], due_at=None)
        made["owner"] = made["owner"] | {"id": owner, "timezone": zone, "email": f"{owner}@acme.example"}
        one = Promise(f"key-{owner}", "recover", "r", owner, "t", "rule", None, "b", made)
        promise(book, [one], lambda new: assignment_letter([one.facts for one in new], sender, night), night)
    assert hold_quiet(book, "21:00-07:00", night) == 1
    door = Maildir(tmp_path / "letters")
    assert send_waiting(book, [door], night).sent == 1
    assert send_waiting(book, [door], night.replace(day=5, hour=4, minute=59)).sent == 0
    assert send_waiting(book, [door], night.replace(day=5, hour=5)).sent == 1


def test_letters_of_a_dead_process_are_sent_once_more_at_most(
    book: Ledger, tmp_path: Path, monday: datetime
) -> None:
    queue(book, monday, *(f"p{number}@acme.example" for number in range(12)))
    assert len(claim_letters(book, monday)) == 10
    assert send_waiting(book, [Maildir(tmp_path / "letters")], monday).sent == 2
    assert requeue_abandoned(book) == 10
    assert send_waiting(book, [Maildir(tmp_path / "letters")], monday).sent == 10
    assert len(list((tmp_path / "letters" / "new").iterdir())) == 12
