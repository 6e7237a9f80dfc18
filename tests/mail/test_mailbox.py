"""The mailbox over IMAP: what is new is seen once, whoever else reads along; the password is never shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.mail.mailbox import KEYWORD, Answers, Unreachable
from flows.records import ConfigurationError
from tests.mail.post_office import PostOffice, answer


@pytest.fixture(scope="module", params=["keywords", "no keywords"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """Serve a mailbox, of a server that keeps keywords and of one that does not."""
    made = PostOffice(tmp_path_factory.mktemp("mail"), keywords=request.param == "keywords")
    yield made
    made.close()


def subjects(box: Answers) -> list[str]:
    return [message.subject for _, message in box.new()]


def test_what_was_dealt_with_is_not_new_any_more(office: PostOffice) -> None:
    for number in range(7):
        office.put(answer("done", "<x@acme.example>", Subject=f"n{number}"))
    box = Answers(office.url)
    assert subjects(box) == [f"n{number}" for number in range(7)]
    assert subjects(box) == [f"n{number}" for number in range(7)]  # looking changes nothing
    for uid, message in box.new():
        if message.subject != "n3":
            box.done(uid)
    assert subjects(box) == ["n3"]
    assert office.flags(1) == {"\\Seen", KEYWORD}
    box.close()
    (office.folder / "2.flags").write_text("\\Deleted")
    box = Answers(office.url)
    box.done("4")
    assert (office.folder / "2.eml").exists()  # what others deleted stays until they empty their bin
    box.close()


def test_a_person_who_reads_along_takes_nothing_away(tmp_path: Path) -> None:
    office = PostOffice(tmp_path / "mail")
    uid = office.put(answer("done", "<x@acme.example>", Subject="read by a person"))
    (office.folder / f"{uid}.flags").write_text("\\Seen")
    box = Answers(office.url)
    assert subjects(box) == ["read by a person"]
    box.close()
    office.close()


@pytest.mark.parametrize(
    "url",
    [
        "imap://127.0.0.1:1",
        "imap://heardback:wrong%20s3cret@{server}",
        "imap://heardback:s3cret%20word@{server}/Nowhere",
    ],
)
def test_what_is_wrong_is_said_without_the_password(office: PostOffice, url: str) -> None:
    box = Answers(url.replace("{server}", office.url.rpartition("@")[2]), timeout=5)
    with pytest.raises(Unreachable) as fault:
        list(box.new())
    assert "cannot be read" in str(fault.value)
    assert "s3cret" not in str(fault.value)
    assert box.probe() == str(fault.value) or "cannot be read" in box.probe()


@pytest.mark.parametrize("url", ["", "http://x", "imap://", "imap://x:99999"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="HEARDBACK_IMAP_URL"):
        Answers(url)
