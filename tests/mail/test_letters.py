"""What a letter says, to whom, in which language; and that nothing in an answer can change its shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.mail.letters import assignment_letter
from flows.mail.message import Sender
from flows.records import ConfigurationError, Letter

Make = Callable[..., dict[str, Any]]
Read = Callable[[bytes], EmailMessage]


class Page(HTMLParser):
    """Read a page: its text, its comments as shown, and every address it points to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.comments, self.addresses, self.tags = "", [], [], set()
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = dict(attrs)
        self.addresses += [named[name] for name in ("href", "src", "action") if name in named]
        if named.get("class") == "comment":
            assert named["dir"] == "auto"
            self.comments.append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "div"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.comments[-1] += data


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def page(message: EmailMessage) -> Page:
    part = message.get_body(("html",))
    assert part is not None
    return Page(str(part.get_content()).replace("\r\n", "\n"))


def test_one_letter_says_all_that_is_needed(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    letter = assignment_letter([a_follow_up()], sender, monday)
    message = read_letter(letter.body)
    assert message["Subject"] == "NPS 2 of 10: Maria López, Checkout"
    assert message["To"] == "Anna Schmidt <anna@acme.example>"
    assert message["From"] == "Acme <feedback@acme.example>"
    assert message["Reply-To"] == "answers@acme.example"
    assert message["Date"] == "Mon, 04 May 2026 09:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Heardback-Kind"] == "assignment"
    assert message["List-Id"] == "<assignment.heardback.acme.example>"
    assert message.get_all("X-Heardback-Assignment") == ["00000000000000000000000000000001"]
    assert message["Message-ID"] == letter.message_id
    assert message.get_content_type() == "multipart/alternative"
    for text in (plain(message), page(message).text):
        for said in (
            "on a scale from 0 to 10 (detractor)",
            "Maria López",
            "maria@example.com",
            "Checkout",
            "Buying in the shop",
            "I waited 40 minutes.\nNobody said sorry.",
            "looks after this (rule unhappy).",
            "Wednesday, May 6, 2026, 6:00\u202fAM (Berlin)",  # 04:00 UTC
            "heardback event 00000000000000000000000000000001 contacted --by anna",
        ):
            assert said in text


def test_there_is_no_link_and_no_button(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    seen = page(read_letter(assignment_letter([a_follow_up()], sender, monday).body))
    assert seen.addresses == []
    assert not seen.tags & {"a", "button", "form", "img", "script", "input"}


def test_several_follow_ups_are_one_letter_most_urgent_first(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    soon = a_follow_up(2, due_at="2026-05-04T10:00:00+00:00")
    message = read_letter(assignment_letter([a_follow_up(1), soon], sender, monday).body)
    keys = ["00000000000000000000000000000002", "00000000000000000000000000000001"]
    assert message.get_all("X-Heardback-Assignment") == keys
    assert message["Subject"] == "2 follow-ups, first NPS 2 of 10: Maria López, Checkout"
    assert plain(message).index(keys[0]) < plain(message).index(keys[1])


def test_the_message_id_is_made_of_what_the_letter_is_about(
    a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    one, two = a_follow_up(1), a_follow_up(2)
    first = assignment_letter([one, two], sender, monday).message_id
    assert assignment_letter([two, one], sender, monday.replace(hour=20)).message_id == first
    assert assignment_letter([one], sender, monday).message_id != first
    assert assignment_letter([one, two], sender, monday, occasion="event 7").message_id != first
    assert re.fullmatch(r"<assignment\.[0-9a-f]{32}@acme\.example>", first)


def test_a_long_comment_is_cut_and_says_so(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    long = "ж" * 2000 + "END" + "x" * 997_997
    message = read_letter(assignment_letter([a_follow_up(comments=[{"text": long}])], sender, monday).body)
    for text in (plain(message), page(message).text):
        assert "ж" * 2000 in text
        assert "END" not in text
        assert "[Cut after 2,000 of 1,000,000 characters]" in text


def test_right_to_left_words_end_where_they_end(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    customer = {"id": "C-1", "name": "עומר"}
    made = a_follow_up(customer=customer, comments=[{"text": "الطعام بارد 123 :(", "language": "ar"}])
    message = read_letter(assignment_letter([made], sender, monday).body)
    assert "\u2068الطعام بارد 123 :(\u2069" in plain(message)
    assert "\u2068עומר\u2069 (C-1)" in plain(message)
    assert page(message).comments == ["الطعام بارد 123 :("]
    assert message["Subject"] == "NPS 2 of 10: עומר, Checkout"


def test_a_german_owner_reads_german(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    made = a_follow_up()
    made["owner"] |= {"language": "de-AT"}
    message = read_letter(assignment_letter([made], sender, monday).body)
    assert message["Subject"] == "NPS 2 von 10: Maria López, Checkout"
    assert "Mittwoch, 6. Mai 2026, 06:00 (Berlin)" in plain(message)
    assert "auf einer Skala von 0 bis 10 (Kritiker)" in page(message).text


@pytest.mark.parametrize("language", ["fr", "xx-unknown", "../../etc/passwd", "zh-Hant-TW", "ar"])
def test_a_language_without_catalogue_is_written_in_english(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime, language: str
) -> None:
    made = a_follow_up()
    made["owner"] |= {"language": language}
    letter = assignment_letter([made], sender, monday)
    assert letter.subject == "NPS 2 of 10: Maria López, Checkout"
    part = read_letter(letter.body).get_body(("html",))
    assert part is not None
    assert '<html lang="en" dir="ltr">' in part.get_content()


def test_an_answer_without_name_score_or_deadline_still_makes_a_letter(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime
) -> None:
    bare = a_follow_up(
        customer=None, customer_id=None, answers=[], due_at=None, touchpoint_name=None, touchpoint_id="none"
    )
    message = read_letter(assignment_letter([bare], sender, monday).body)
    assert message["Subject"] == "Comment: A customer, Buying in the shop"
    assert "By when" not in plain(message)


def test_the_team_is_written_to_where_the_owner_has_no_address(
    a_follow_up: Make, sender: Sender, monday: datetime
) -> None:
    made = a_follow_up()
    made["owner"] |= {"email": "none given"}
    assert assignment_letter([made], sender, monday).recipient == "shop@acme.example"
    made["team"] = {}
    with pytest.raises(ValueError, match="owner 'anna' has no e-mail address"):
        assignment_letter([made], sender, monday)
    with pytest.raises(ConfigurationError, match="HEARDBACK_MAIL_FROM"):
        assignment_letter([a_follow_up()], Sender("nobody"), monday)


HOSTILE = [
    "Eve\r\nBcc: all@example.com",
    "Eve\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "Eve, all@example.com <eve@example.com>",
    '"; rm -rf / #',
    "\u202eeve@evil\u202c \u2066x",
    "Eve\x00\x0b\x0c\x1c\x85\u2028X-Evil: 1",
    "{{ 7*7 }} {% raw %} %(name)s %s",
    "=?utf-8?q?Bcc=3A_x?=",
    "</td><img src=x onerror=alert(1)>",
    "x" * 5000,
    "😀" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_neither_headers_nor_shape(
    a_follow_up: Make, read_letter: Read, sender: Sender, monday: datetime, text: str
) -> None:
    usual = read_letter(assignment_letter([a_follow_up()], sender, monday).body)
    customer = {"id": text, "name": text, "email": text, "phone": text}
    hostile = a_follow_up(customer=customer, touchpoint_name=text, survey_name=text, reason=text)
    hostile["owner"] |= {"name": text}
    hostile["comments"] = [{"text": text, "language": text}]
    letter = assignment_letter(
        [hostile], Sender("feedback@acme.example", "answers@acme.example", text), monday
    )
    message = read_letter(letter.body)
    assert sorted(message.keys()) == sorted(usual.keys())
    assert [one.addr_spec for one in message["To"].addresses] == ["anna@acme.example"]
    assert [one.addr_spec for one in message["From"].addresses] == ["feedback@acme.example"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f]", message["Subject"])
    assert message["Subject"] == letter.subject
    assert page(message).tags == page(usual).tags
    assert page(message).addresses == []
    head = letter.body.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


# Everything but halves of surrogate pairs and control characters, which no letter can carry.
WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=100)


def bare(name: str) -> str:
    return name.replace(" ", "")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WRITTEN, comment=WRITTEN)
def test_any_name_and_comment_comes_back_equal(
    a_follow_up: Make, read_letter: Read, monday: datetime, name: str, comment: str
) -> None:
    made = a_follow_up(customer={"id": "C-1", "name": name}, comments=[{"text": comment}])
    made["owner"] |= {"name": name}
    letter = assignment_letter([made], Sender("feedback@acme.example", "", name), monday)
    message = read_letter(letter.body)
    shown = " ".join(re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]", "", name).split())
    # Python's own reader puts a blank between the encoded words of a name, so blanks are not compared there.
    assert [(bare(one.display_name), one.addr_spec) for one in message["To"].addresses] == [
        (bare(shown), "anna@acme.example")
    ]
    assert message["Subject"] == f"NPS 2 of 10: {shown or 'C-1'}, Checkout"
    if comment.strip():
        assert page(message).comments == [comment]
        assert comment in plain(message).replace("\u2068", "").replace("\u2069", "") or "\u2068" in comment


def test_a_letter_is_the_record_of_the_outbox(a_follow_up: Make, sender: Sender, monday: datetime) -> None:
    letter = assignment_letter([a_follow_up()], sender, monday)
    assert isinstance(letter, Letter)
    assert (letter.kind, letter.recipient) == ("assignment", "anna@acme.example")
    assert b"\n" not in letter.body.replace(b"\r\n", b"")
