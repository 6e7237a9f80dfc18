"""What an answer means: words of seven languages, quotations of many mail programs, absences, bounces."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from imap_tools import MailMessage

from flows.mail.actions import Cause, reply_words
from flows.mail.languages import languages, translations
from flows.mail.own_words import own_words
from flows.mail.replies import Reply, known_words, plain, read_reply, word_in
from tests.mail.post_office import answer, bounce

OURS = ("feedback@acme.example", "answers@acme.example")
CAUSES = (Cause("carrier", "The carrier"), Cause("staff", "Too few people"), Cause("heb", "חוסר בעובדים"))
LETTER = "<assignment.0123@acme.example>"


def read(message: EmailMessage | bytes) -> Reply:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return read_reply(MailMessage.from_bytes(raw), CAUSES, OURS)


@pytest.mark.parametrize("language", languages())
def test_every_word_of_every_language_is_understood_as_people_type_it(language: str) -> None:
    for meaning, words in reply_words(translations(language)).items():
        for word in words:
            for typed in (word, word.upper(), word.capitalize() + ".", f"  {word}  ", f"{word}\nmore"):
                assert word_in(typed.strip())[0] == meaning, typed


@pytest.mark.parametrize(
    ("text", "meaning", "note"),
    [
        ("Done", "done", ""),
        ("done. She is happy again.", "done", "She is happy again."),
        ("Erledigt!\nHabe angerufen.", "done", "Habe angerufen."),
        ("Готово, перезвонил", "done", "перезвонил"),
        ("انجام شد، تماس گرفتم", "done", "تماس گرفتم"),
        ("با من", "taken", ""),
        ("reached - left a voucher", "note", "reached - left a voucher"),  # a blank is no mark
        ("done?", "note", "done?"),
        ("not done yet", "note", "not done yet"),
        ("Done nothing so far", "note", "Done nothing so far"),
        ("Whom do I ask about refunds?", "note", "Whom do I ask about refunds?"),
        ("", "note", ""),
    ],
)
def test_a_word_counts_alone_or_before_a_mark(text: str, meaning: str, note: str) -> None:
    found = read(answer(text, LETTER))
    assert (found.meaning, found.note) == (meaning, note)


def test_done_names_its_root_cause_by_name_or_id() -> None:
    listed = "\n\nWhy did it happen? Leave only the line that fits:\n"
    assert read(answer("done\n\ncarrier", LETTER)).causes == ("carrier",)
    assert read(answer(f"done{listed}Too few people\n", LETTER)).causes == ("staff",)
    assert read(answer("טופל\n\nחוסר בעובדים", LETTER)).causes == ("heb",)
    assert read(answer(f"done{listed}The carrier\nToo few people\n", LETTER)).causes == ("carrier", "staff")
    assert read(answer("done\nthe carrier was late", LETTER)).causes == ()


# What mail programs put below the words of their user.
QUOTED = {
    "gmail": "On Mon, 4 May 2026 at 11:00, Acme <feedback@acme.example> wrote:\n> Hello Anna,\n> done",
    "gmail, wrapped": "On Mon, 4 May 2026 at 11:00, Acme Care\n<feedback@acme.example> wrote:\n\n> Hello",
    "apple, german": "> Am 04.05.2026 um 11:00 schrieb Acme <feedback@acme.example>:\n> \n> Guten Tag",
    "outlook": "________________________________\nFrom: Acme <feedback@acme.example>\nSent: Monday\n\nHello",
    "outlook, german": "-----Ursprüngliche Nachricht-----\nVon: Acme\nGesendet: Montag\n\nGuten Tag",
    "outlook, no rule": "Von: Acme [mailto:feedback@acme.example]\nGesendet: Montag\n\nGuten Tag",
    "russian": "4 мая 2026 г., 11:00, Acme <feedback@acme.example> пишет:\n\n> Здравствуйте",
    "hebrew": "ב-4 במאי 2026 ב-11:00 מאת Acme <\u200ffeedback@acme.example\u200f>:\n> שלום",
    "signature": "-- \nAnna Schmidt\nShop floor",
    "windows": "> quoted\r\n",
}


@pytest.mark.parametrize("program", QUOTED)
def test_what_is_quoted_is_not_said(program: str) -> None:
    assert own_words(f"Done. All well.\n\n{QUOTED[program]}", "", OURS) == "Done. All well."


def test_a_page_without_plain_text_is_read_too() -> None:
    page = (
        "<html><head><style>p{color:red}</style></head><div>Done.&nbsp;All well.</div><br>"
        '<div class="gmail_quote"><div>On Mon, he wrote:<br></div><blockquote>reached<br></blockquote></div>'
        "</html>"
    )
    assert own_words("", page, OURS) == "Done.\xa0All well."
    assert word_in(own_words("", "<p>Reached</p><p>Called twice</p>", OURS))[0] == "reached"


def test_a_thread_is_followed_from_the_nearest_letter_on() -> None:
    found = read(answer("done", LETTER, Subject="Re: NPS [not a key at all] [0123abcd]"))
    assert found.threads == (LETTER, "<older@acme.example>")
    assert found.keys == ("0123abcd",)
    assert found.sender == "anna@acme.example"


def test_machines_answers_are_told_from_peoples() -> None:
    for headers in (
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-replied; owner-email=x"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"X-Auto-Response-Suppress": "All"},
    ):
        found = read(answer("done", LETTER, Subject="Out of office: back on Monday", **headers))
        assert (found.meaning, found.reason) == ("away", "Out of office: back on Monday")
    for headers in ({"Auto-Submitted": "no"}, {"X-Auto-Response-Suppress": "OOF"}, {"Precedence": "bulk"}):
        assert read(answer("done", LETTER, **headers)).meaning == "done"


def test_bounces_name_the_letter_and_the_reason() -> None:
    found = read(bounce(LETTER))
    assert (found.meaning, found.threads) == ("bounced", (LETTER,))
    assert found.reason == "smtp; 550 5.1.1 no such user"
    assert read(bounce(LETTER, "delayed", "4.4.1 try again")).meaning == "delayed"


def test_words_are_equal_however_they_are_written() -> None:
    assert plain("  ERLEDIGT!  ") == "erledigt"
    assert plain("برمی\u200cدارم") in known_words()
    assert plain("*Done*") == "done"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"From: \x00\r\n\r\nx", b"Content-Type: multipart/report\r\n\r\nx"]
)
def test_no_message_is_too_odd_to_be_read(raw: bytes) -> None:
    found = read(raw)
    assert found.identity.startswith("<")
    assert found.threads == ()
