"""Themes of comments: those that going through comments and patterns one by one, in Python, finds."""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2
import pytest

from flows.programme.patterns import fault_in, finds
from tests.homes import Home

ENGINE = Path(__file__).parents[2] / "dbt_project" / "macros" / "engine.sql"
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
Theme = dict[str, str | None]


def theme(theme_id: str, language: str | None, pattern: str, kind: str = "complaint") -> Theme:
    """Write a row of `themes` that has a pattern."""
    return {"theme_id": theme_id, "name": theme_id, "kind": kind, "language": language, "pattern": pattern}


def code(theme_id: str, theme_code: str, **place: str) -> Theme:
    """Write a row of `themes` that has a tool's code."""
    return {"theme_id": theme_id, "name": theme_id, "kind": "complaint", "theme_code": theme_code, **place}


THEMES = [
    theme("war", "de", "<war>"),
    theme("late", "en", "<late>|<slow"),
    theme("late", "*", "24 ?h"),
    theme("nobody", "pl", "<nie> .{0,9}<(przyjechał|ma)>"),
    theme("service", "ar", "<الخدمة>"),
    theme("waiting", "he", "<חיכי(תי|נו)>"),
    theme("late", "bg", "<късно>|закъсня"),
    theme("slow", "zh", "很慢|太慢"),
    theme("slow", "pt", "<lento>"),
    theme("slow", "pt-BR", "<devagar>"),
    theme("bad", "hi", "<खराब>"),
    theme("refund", "tr", "<iade>"),
    theme("kind", None, "friendly|miły", kind="praise"),
    theme("quote", "*", "l'attente|\\\\o/|5\\$"),
    code("coded", "3", source_name="kiosk", survey_id="*", question_ref="topic"),
    code("coded", " Delivery ", source_name="*"),
    code("elsewhere", "3", source_name="kiosk", survey_id="another"),
]
# Response: language, comment, what it speaks of to a reader.
SAID: dict[str, tuple[str | None, str, set[str]]] = {
    "krieg": ("de", "Der Krieg WAR lang", {"war"}),
    "warum": ("de", "Warum?", set()),
    "german in english": ("en", "war", set()),
    "late": ("en-GB", "It was LATE, and slowly.", {"late"}),
    "chocolate": ("en", "Chocolate", set()),
    "any": ("fi", "vasta 24H kuluttua", {"late"}),
    "unknown": (None, "friendly, 24 h", {"kind", "late"}),
    "no one": ("pl", "Nie, nikt nie przyjechał", {"nobody"}),
    "has not": ("pl", "czasu NIE bardzo MA.", {"nobody"}),
    "not even": ("pl", "nie przyjechałam", set()),
    "arabic": ("ar", "كانت الخدمة سيئة", {"service"}),
    "arabic longer": ("ar", "الخدمةكم", set()),
    "hebrew": ("he", "חיכיתי שעה", {"waiting"}),
    "hebrew longer": ("he", "שחיכיתי", set()),
    "cyrillic": ("bg", "Доставката ЗАКЪСНЯ", {"late"}),
    "cyrillic part": ("bg", "найкъсното", set()),
    "chinese": ("zh-Hant-TW", "送貨太慢了", {"slow"}),
    "portugal": ("pt-PT", "lento e devagar", {"slow"}),
    "only brazil": ("pt", "devagar", set()),
    "brazil": ("pt-br", "devagar", {"slow"}),
    "hindi": ("hi", "बहुत खराब था", {"bad"}),
    "hindi longer": ("hi", "खराबी", set()),
    "turkish": ("tr", "İADE istiyorum", {"refund"}),
    "decomposed": ("pl", "mi\u0142y i z\u0307le", {"kind"}),
    "quotes": ("fr", "L'ATTENTE \\o/", {"quote"}),
    "two": ("en", "slow but friendly", {"late", "kind"}),
}


PIECES = [*"abążЖהخ慢1", "aa", "żą", ".{0,4}", "[a-ż]+", "(b|Ж)", "<a", "<b", "b>", "ה>", "<خ>", "\\d"]
ALPHABET = "abążŻЖжהخ慢慢  ., 1"
LANGUAGES = ["en", "en-GB", "pl", "pl-PL", "zh", "zh-Hans", None, "fi"]


def random_themes(chance: random.Random) -> list[Theme]:
    """Invent themes, some with several patterns, that overlap in what they find."""
    themes: list[Theme] = []
    while len(themes) < 120:
        pattern = " ?".join(chance.sample(PIECES, chance.randint(1, 3))) + chance.choice(["", "", "|慢 ?慢"])
        if fault_in(pattern) is None:
            themes.append(theme(f"random {len(themes) % 70}", chance.choice([*LANGUAGES, "*"]), pattern))
    return themes


def random_comment(chance: random.Random) -> tuple[str | None, str]:
    """Invent a comment out of few letters, so that much is found."""
    text = "".join(chance.choices(ALPHABET, k=chance.randint(1, 14))).strip() or "b"
    return chance.choice(LANGUAGES), text


CHANCE = random.Random(7)
RANDOM_THEMES = random_themes(CHANCE)
RANDOM_COMMENTS = {f"random {number}": random_comment(CHANCE) for number in range(120)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Build one home out of everything said, by hand and by chance, and codes."""
    home = Home(tmp_path_factory.mktemp("themes"), NOW)
    ask = {"source_name": "kiosk", "survey_id": "*"}
    questions = [("why", "comment"), ("topic", "theme_code")]
    home.programme(
        themes=[*THEMES, *RANDOM_THEMES],
        questions=[{**ask, "question_ref": ref, "metric": metric} for ref, metric in questions],
    )
    home.load()
    for response, (language, text, _) in SAID.items():
        home.answers(response, {"why": text}, language=language)
    for response, (language, text) in RANDOM_COMMENTS.items():
        home.answers(response, {"why": text}, language=language)
    for response, told in (("three", "3.0"), ("word", "delivery"), ("other", "4"), ("three words", "3 late")):
        home.answers(response, {"topic": told}, language="en")
    home.build()
    return home


def found(home: Home, random_ones: bool = False) -> dict[str, set[str]]:
    """Read the themes of each response, those invented by chance or the others."""
    rows = home.rows(
        "select response_id, theme_id from marts.comment_themes "
        "inner join marts.comments using (comment_key) inner join marts.responses r "
        f"on r.response_key = comments.response_key where (theme_id like 'random%') = {random_ones}"
    )
    themes: dict[str, set[str]] = {}
    for row in rows:
        themes.setdefault(row["response_id"], set()).add(row["theme_id"])
    return themes


def test_texts_that_are_not_normalised_need_no_normalising() -> None:
    """By the Unicode database such a character is composed, stays in its place and is joined to none."""
    macros: Any = jinja2.Environment().from_string(ENGINE.read_text(encoding="utf-8")).module
    is_left = re.compile("[" + re.sub(r"\\x\{(\w+)\}", _python_escape, macros.always_composed()) + "]")
    codes = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    joined = {pair[1] for pair in map(_canonical_parts, codes) if len(pair) == 2}
    hangul = {chr(code) for code in range(0x1100, 0x1200)}  # joined by rule, not by table
    left = [one for one in codes if is_left.match(one)]
    assert len(left) > 30_000
    for one in left:
        assert unicodedata.is_normalized("NFC", one) and not unicodedata.combining(one), hex(ord(one))
        assert one not in joined and one not in hangul, hex(ord(one))


def _python_escape(found: re.Match[str]) -> str:
    return f"\\U{int(found[1], 16):08x}"


def _canonical_parts(one: str) -> list[str]:
    told = unicodedata.decomposition(one)
    return [] if told.startswith("<") else [chr(int(code, 16)) for code in told.split()]


def test_words_are_found_in_every_alphabet(home: Home) -> None:
    themes = found(home)
    assert {response: themes.get(response, set()) for response in SAID} == {
        response: expected for response, (_, _, expected) in SAID.items()
    }


def test_codes_name_themes_where_they_were_asked(home: Home) -> None:
    themes = found(home)
    assert [themes.get(one) for one in ("three", "word", "other", "three words")] == [
        {"coded"}, {"coded"}, None, None,
    ]  # fmt: skip


def test_many_patterns_find_what_each_finds_alone(home: Home) -> None:
    themes = found(home, random_ones=True)
    expected: dict[str, Any] = {
        response: {
            str(one["theme_id"])
            for one in RANDOM_THEMES
            if speaks(language, one["language"]) and finds(str(one["pattern"]), text)
        }
        for response, (language, text) in RANDOM_COMMENTS.items()
    }
    assert {response: themes.get(response, set()) for response in expected} == expected
    assert sum(map(len, expected.values())) > 500


def test_a_corrected_comment_changes_its_themes(home: Home) -> None:
    home.now += timedelta(hours=1)
    home.load()
    home.answers("late", {"why": "friendly"}, language="en-GB")
    home.answers("krieg", {}, is_deleted=True, submitted_at=None)
    home.answers("new", {"why": "so slow"}, language="en")
    plan = home.build()
    themes = found(home)
    assert not plan.is_full
    assert [themes.get(one) for one in ("late", "krieg", "new", "two")] == [
        {"kind"}, None, {"late"}, {"late", "kind"},
    ]  # fmt: skip


def speaks(language: str | None, wanted: str | None) -> bool:
    """Tell whether a comment in a language is one that a theme of `pt`, of `*` or of nothing means."""
    return wanted in (None, "*") or f"{language}-".lower().startswith(f"{wanted}-".lower())
