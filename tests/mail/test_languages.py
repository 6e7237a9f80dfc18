"""Every language says everything, in its own plural and date forms; nothing is left in another one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from flows.mail.actions import reply_words
from flows.mail.languages import CATALOGUES, PSEUDO, languages, locale_of, translations
from flows.mail.messages import catalogue, messages
from flows.mail.solar_hijri import solar_hijri
from flows.mail.words import in_full, number
from flows.records import Letter
from tests.mail.greek import Words, every_letter

Make = Callable[..., dict[str, Any]]
Read = Callable[[bytes], EmailMessage]
ALL = ["bg", "de", "en", "fa", "he", "pl", "ru"]
TRANSLATED = [language for language in ALL if language != "en"]
HOLE = re.compile(r"%\((\w+)\)")


def test_the_languages_of_the_contract_are_there() -> None:
    assert set(ALL) <= set(languages())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_nothing_else(language: str) -> None:
    known = {(one.context, one.id) for one in catalogue(language) if one.id and one.string}
    assert known == {(one.context, one.id) for one in messages() if one.id}
    assert not [one.id for one in catalogue(language) if one.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_filled_in_is_filled_in_by_every_translation(language: str) -> None:
    for message in catalogue(language):
        if not message.id or message.context:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        wanted = set(HOLE.findall(ids[-1]))
        # One customer, two weeks: a form that stands for a single number may say it in words.
        assert all(set(HOLE.findall(text)) | {"num", "count"} >= wanted for text in strings), message.id
        assert all(set(HOLE.findall(text)) <= wanted for text in strings), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_unicode_consortium(language: str) -> None:
    words, rule = translations(language), Locale.parse(language).plural_form
    names: dict[str, str] = {}
    for count in range(1, 500):
        form = words.ngettext("%(count)s answer", "%(count)s answers", count)
        kind = words.plural(count)  # type: ignore[attr-defined]
        assert names.setdefault(rule(count), f"{kind}") == f"{kind}", count
        assert form


def test_russian_and_polish_count_as_their_speakers_do() -> None:
    said = {
        count: translations("ru").ngettext("%(count)s answer", "%(count)s answers", count)
        for count in (1, 3, 5, 11, 21)
    }
    assert [one.split()[1] for one in said.values()] == ["ответ", "ответа", "ответов", "ответов", "ответ"]
    polish = translations("pl").ngettext
    assert "klienci nadal czekają" in polish(
        "one customer is still waiting to hear from you.",
        "%(num)s customers are still waiting to hear from you.",
        22,
    )
    assert "klientów" in polish(
        "one customer is still waiting to hear from you.",
        "%(num)s customers are still waiting to hear from you.",
        12,
    )


# Golden: the same instant as a native reader writes it.
WRITTEN = {
    "en": "Wednesday, May 6, 2026, 6:00\u202fAM (Berlin)",
    "de": "Mittwoch, 6. Mai 2026, 06:00 (Berlin)",
    "pl": "środa, 6 maja 2026, 06:00 (Berlin)",
    "bg": "сряда, 6 май 2026\u202fг., 6:00 (Берлин)",
    "ru": "среда, 6 мая 2026\u202fг., 06:00 (Берлин)",
    "he": "יום רביעי, 6 במאי 2026, 6:00 (ברלין)",
    "fa": "چهارشنبه ۱۶ اردیبهشت ۱۴۰۵، ۶:۰۰ (برلین)",
}


@pytest.mark.parametrize("language", ALL)
def test_dates_are_written_as_at_home(language: str) -> None:
    written = in_full(datetime(2026, 5, 6, 4, tzinfo=UTC), "Europe/Berlin", locale_of(language))
    blank = re.compile(r"\s+")
    assert blank.sub(" ", written) == blank.sub(" ", WRITTEN[language])


def test_persian_days_are_those_of_the_calendar_on_the_wall() -> None:
    # New year's days and others, from published calendars.
    golden = {
        date(1979, 2, 11): (1357, 11, 22),
        date(2017, 1, 20): (1395, 11, 1),
        date(2021, 3, 20): (1399, 12, 30),
        date(2021, 3, 21): (1400, 1, 1),
        date(2024, 3, 20): (1403, 1, 1),
        date(2025, 3, 20): (1403, 12, 30),
        date(2026, 5, 6): (1405, 2, 16),
    }
    assert {day: solar_hijri(day) for day in golden} == golden
    day, before = date(1990, 1, 1), (0, 0, 0)
    while day < date(2100, 1, 1):
        now = solar_hijri(day)
        assert now > before
        assert 1 <= now[2] <= (31 if now[1] < 7 else 30)
        day, before = day + timedelta(1), now


def test_persian_numbers_have_persian_digits() -> None:
    assert number(1234.5, locale_of("fa")) == "۱٬۲۳۴٫۵"


def test_a_reply_word_means_the_same_in_every_language() -> None:
    meanings: dict[str, str] = {}
    for language in ALL:
        for meaning, words in reply_words(translations(language)).items():
            assert words, (language, meaning)
            for word in words:
                assert word == word.lower(), (language, word)
                assert meanings.setdefault(word, meaning) == meaning, (language, word)


def seen(letter: Letter, read_letter: Read) -> list[str]:
    """Give every piece of text of a letter: subject, page, and the plain twin line by line."""
    message = read_letter(letter.body)
    page, plain = message.get_body(("html",)), message.get_body(("plain",))
    assert page is not None and plain is not None
    lines = [line for line in str(plain.get_content()).splitlines() if not line.startswith("mailto:")]
    return [letter.subject, *Words(str(page.get_content())).pieces, *lines]


@pytest.mark.parametrize("language", ["he", "fa", "ru", "bg"])
def test_no_english_word_is_left(
    a_follow_up: Make, read_letter: Read, monday: datetime, language: str
) -> None:
    for letter in every_letter(a_follow_up, language, monday):
        for piece in seen(letter, read_letter):
            latin = re.findall(r"[A-Za-z]+", re.sub(r"\S+@x|\S+://\S+", "", piece))
            assert set(latin) <= {"NPS"}, (letter.kind, piece)


def test_the_pseudo_locale_finds_what_is_not_translated(
    a_follow_up: Make, read_letter: Read, monday: datetime
) -> None:
    """Outside brackets there is only data (Greek here), numbers, marks, and dates."""
    months = r"\b(May|Feb|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|AM|PM|Jerusalem|NPS)\b"
    for letter in every_letter(a_follow_up, PSEUDO, monday):
        assert "⟦" in letter.subject
        for piece in seen(letter, read_letter):
            bare = re.sub(r"\S+@x|\S+://\S+", "", piece)
            for _ in range(3):  # what is filled in may be translated itself
                bare = re.sub(r"⟦[^⟦⟧]*⟧", "", bare)
            assert not re.findall(r"[A-Za-zÀ-ÿ]+", re.sub(months, "", bare)), piece


def test_adding_a_language_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted = subprocess.run(
        [sys.executable, "-m", "flows.mail.messages", "cs"], capture_output=True, text=True, check=True,
        cwd=CATALOGUES.parents[2],
    ).stdout  # fmt: skip
    assert "nplurals=3" in drafted
    for message in messages():
        assert not message.id or (message.id[0] if isinstance(message.id, tuple) else message.id) in drafted
    (tmp_path / "cs.po").write_text(
        drafted.replace('msgid "Done"\nmsgstr ""', 'msgid "Done"\nmsgstr "Hotovo"')
    )
    monkeypatch.setattr("flows.mail.languages.CATALOGUES", tmp_path)
    translations.cache_clear()
    try:
        assert languages() == ["cs"]
        assert translations("cs").gettext("Done") == "Hotovo"
        assert translations("cs").gettext("Owner") == "Owner"
    finally:
        translations.cache_clear()
