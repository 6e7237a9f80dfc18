"""Patterns in the words of RE2 find what Python, which can look around, finds with them."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flows.programme import theme_patterns
from flows.programme.pattern_sql import LEFT, RIGHT
from flows.programme.patterns import fault_in, finds, steps

# Parts that together say much of what people, and hostile tables, write.
PARTS = re.split(
    "  +",
    "a  b  ä  Ж  ש  خ  差  क  ि  ı  I  1  _  .  -  ^  $  (  )  (?:  *  +  ?  {2}  {0,3}  .{0,9}  []<]  '"
    "  \\\\  \\n  <a>  <b|c>  <  >  <  >  \\w  \\W  \\d  \\D  \\s  \\S  \\.  \\<  [a-d]  [^a]  [\\w-]  [^\\s]"
    "  [i-k]  [^i]  |  |  |  \\ ",
)
PATTERNS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join)
LETTERS = "aAbBcäÄжЖשخ差कि\u200cıİIi12_ .,-<'\\\n\u0301é!"
TEXTS = st.lists(st.text(LETTERS, max_size=12), min_size=4, max_size=4)
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


def in_duckdb(pattern: str, texts: list[str]) -> list[tuple[bool, bool]]:
    """Tell for each text whether the plain and the exact form of a pattern match it, as the models do it."""
    (made,) = theme_patterns([{"theme_id": "t", "language": None, "pattern": pattern}])
    words = r"\p{L}\p{M}\p{N}_" + "\u200c\u200d"
    marked = f"'{LEFT}' || regexp_replace(text, '([^{words}])', '{RIGHT}\\1{LEFT}', 'g') || '{RIGHT}'"
    rows = duckdb.execute(
        "select regexp_matches(text, $1), "
        f"regexp_matches(case when $2 is null then text else {marked} end, coalesce($2, $1)) "
        "from (select nfc_normalize(unnest($3)) as text)",
        [f"(?i){made.plain}", made.marked and f"(?i){made.marked}", texts],
    )
    return [(bool(plain), bool(exact)) for plain, exact in rows.fetchall()]


@given(PATTERNS, TEXTS)
@example("(<nie>|kein).{0,9}<(gut|schön)>", ["nie war es schön", "nie schöner", "kein gut", "kein,gut"])
@example("<a> <b>", ["a b", "a  b", "xa b", "a bb"])
@example("<i>", ["İ", "ı", "I.", "ix"])
@example("<iade>", ["İADE istiyorum", "iade", "ıade", "iadeler"])
@example("<खराब>", ["बहुत खराब था", "खराबी", "खराब", "खराबा"])
@example("[^\\n]>$", ["a\n", "a ", "", "ab"])
@example("<\\d+>", ["24", "a24", "٣ أيام", "2."])
@settings(max_examples=400, derandomize=True, **QUIET)
def test_duckdb_finds_what_python_finds(pattern: str, texts: list[str]) -> None:
    compare(pattern, texts)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@given(PATTERNS, TEXTS)
@settings(max_examples=30_000, **QUIET)
def test_duckdb_finds_what_python_finds_again_and_again(pattern: str, texts: list[str]) -> None:
    compare(pattern, texts)


def compare(pattern: str, texts: list[str]) -> None:
    """Hold RE2 to Python's opinion of a pattern, if it is one that a theme may have."""
    if fault_in(pattern) is not None:
        return
    for text, (plain, exact) in zip(texts, in_duckdb(pattern, texts), strict=True):
        assert exact == finds(pattern, text), (pattern, text)
        assert plain or not exact, (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "is_refused"),
    [
        ("a$|^b", False),
        ("(a|b$)|(^|x)c", False),
        ("(^a|b)$", False),
        ("<a$>", False),
        ("$5", True),
        ("(a$|b)c", True),
        ("(a$)*", True),
        ("a(b|^c)", True),
    ],
)
def test_a_text_ends_only_at_ends(pattern: str, is_refused: bool) -> None:
    fault = fault_in(pattern)
    assert (fault is not None) == is_refused
    assert fault is None or "no text can begin or end" in fault[0]


@pytest.mark.parametrize("pattern", ["(a{100}){100}", "\\w{30}", "(\\w{9}x){9}", "(.{90}){30}"])
def test_what_needs_too_much_memory_is_refused(pattern: str) -> None:
    assert fault_in(pattern) == (
        "the pattern repeats too much.",
        "Repeat a part less often: .{0,40} reaches over some words.",
    )


def test_ten_of_the_largest_patterns_fit_together() -> None:
    largest = "<" + "\\w{19}x" * 1 + ">"
    assert 19_000 < steps(largest) <= 20_000 and fault_in(largest) is None
    rows = [{"theme_id": "t", "language": "en", "pattern": largest + str(number)} for number in range(10)]
    (made,) = theme_patterns(rows)
    assert made.marked is not None
    for pattern in (made.plain, made.marked):
        assert duckdb.execute("select regexp_matches('x', ?)", [f"(?i){pattern}"]).fetchone() == (False,)


def test_patterns_of_one_theme_and_language_are_one() -> None:
    rows = [
        {"theme_id": "slow", "language": "en", "pattern": "slow"},
        {"theme_id": "slow", "language": "en", "pattern": "<late>"},
        {"theme_id": "slow", "language": None, "pattern": "12 h"},
        {"theme_id": "slow", "language": "en", "pattern": None},
    ]
    made = {(one.theme_id, one.language): one for one in theme_patterns(rows)}
    assert made.keys() == {("slow", "en"), ("slow", "*")}
    assert made["slow", "en"].plain == "slow|late"
    assert made["slow", "*"].marked is None
