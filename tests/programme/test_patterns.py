"""What the theme patterns let through is read by RE2, as DuckDB has it, and finds what it should."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.programme.patterns import fault_in, finds

PIECES = st.sampled_from(
    [
        *(
            "a",
            "é",
            "1",
            " ",
            ".",
            "|",
            "(",
            ")",
            "(?:",
            "[",
            "]",
            "[^",
            "-",
            "*",
            "+",
            "?",
            "{2}",
            "{1,3}",
            "{",
            "}",
        ),
        *(
            "\\d",
            "\\w",
            "\\s",
            "\\.",
            "\\(",
            "\\\\",
            "^",
            "$",
            "(?i)",
            "(?=",
            "\\b",
            "\\1",
            "\\z",
            "&&",
            "\\",
            ",",
        ),
        *("{2", "{,3}", "\\D", "\\-", "\\/", "\\e", "\\é", "[[:alpha:]]", "\\t", "\\n", "\\x41", "{1001}"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=7).map("".join))
@settings(max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_passes_is_read_by_re2(pattern: str) -> None:
    if fault_in(pattern) is None:
        duckdb.execute("select regexp_matches('some text, 1', ?, 'i')", [pattern]).fetchone()


@pytest.mark.parametrize(
    "pattern",
    [
        "<queue|<wait",
        "slow (service|staff)",
        "[a-z]+ing>",
        "caf(é|e)",
        "\\d{2,} ?min",
        "<l'attente>",
        "很慢|太慢",
        "a{2}",
        "\\<b\\>",
    ],
)
def test_plain_patterns_pass(pattern: str) -> None:
    assert fault_in(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("<war>", "Der Krieg war lang", True),
        ("<war>", "Warum?", False),
        ("<über>", "ÜBER allem", True),
        ("<über>", "darüber", False),
        ("<الخدمة>", "كانت الخدمة سيئة", True),
        ("<خدمة>", "الخدمة", False),
        ("cafe\u0301", "CAFÉ", True),
        ("a|b", "xbx", True),
        ("\\<b\\>", "<B>", True),
    ],
)
def test_words_have_bounds_in_every_alphabet(pattern: str, text: str, found: bool) -> None:
    assert finds(pattern, text) is found
