"""Emerging terms: counted a second way, found when planted, and not found where months were shuffled."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from scipy.stats import binom, chi2_contingency, false_discovery_control

from tests.dbt.chain import Chain

TODAY = date(2026, 5, 4)
COLUMNS = (
    "comment_key varchar, language varchar, journey_id varchar, text varchar, local_date date, is_bad boolean"
)
Comment = tuple[str, str, str, str | None, date, bool]
SCRIPTS_WITHOUT_BLANKS = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI ")


def emerging(compiled: dict[str, str], comments: list[Comment]) -> list[dict[str, Any]]:
    """Make the mart out of comments."""
    chain = Chain(compiled)
    chain.given("computed.settings", "today date", [(TODAY,)])
    chain.given("intermediate.int_comments_classed", COLUMNS, comments)
    chain.make("int_terms_said", "emerging_terms")
    return chain.rows("from warehouse.marts.emerging_terms")


def terms_of(text: str) -> set[str]:
    """Split a text letter by letter."""
    terms: set[str] = set()
    run, kind = "", ""
    for letter in [*unicodedata.normalize("NFC", text).lower(), "."]:
        category = unicodedata.category(letter)[0]
        if run and (category == "M" or letter in "\u200c\u200d"):
            run += letter
            continue
        here = ""
        if category == "L":
            is_unspaced = unicodedata.name(letter).startswith(SCRIPTS_WITHOUT_BLANKS)
            here = "unspaced" if is_unspaced else "spaced"
        if here != kind:
            if kind == "spaced" and len(run) > 1:
                terms.add(run)
            elif kind == "unspaced":
                terms |= {one + other for one, other in pairwise(run)}
            run, kind = "", here
        run += letter if here else ""
    return terms


def second_method(comments: list[Comment]) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Count and test with scipy."""
    totals: Counter[tuple[str, str, bool]] = Counter()
    counts: dict[tuple[str, str, str], Counter[bool]] = {}
    for _, language, journey, text, day, is_bad in comments:
        age = (TODAY - day).days
        if not is_bad or text is None or not 1 <= age <= 120:
            continue
        for place in (journey, "all"):
            totals[language, place, age <= 30] += 1
            for term in terms_of(text):
                counts.setdefault((term, language, place), Counter())[age <= 30] += 1
    tested: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for (term, language, place), count in counts.items():
        now, before = totals[language, place, True], totals[language, place, False]
        table = [[count[True], now - count[True]], [count[False], before - count[False]]]
        if count.total() < 8 or not now or not before or count[True] / now <= count[False] / before:
            continue
        result = chi2_contingency(table, correction=True, lambda_="log-likelihood")
        tested[term, language, place] = (count[True], count[False], result.statistic, result.pvalue)
    q_values = false_discovery_control([row[3] for row in tested.values()]) if tested else []
    return {key: (*row, q) for (key, row), q in zip(tested.items(), q_values, strict=True)}


def test_terms_are_those_counted_by_hand(for_duckdb: dict[str, str]) -> None:
    chance = random.Random(3)
    words = [
        "Größe",
        "GRÖSSE",
        "späť",
        "żółć",
        "naïve",
        "nai\u0308ve",
        "заказ",
        "ЗАКАЗ",
        "배송",
        "نمی\u200cآید",
    ]
    words += ["कहानी", "שלום", "l'été", "x", "24h"]
    words += ["很慢了", "慢", "app很慢", "とても遅い", "ช้ามาก", "parcel", "parcel", "Parcel;"]
    comments: list[Comment] = [
        (
            f"c{number}",
            chance.choice(["en", "pl-PL", "unknown"]),
            chance.choice(["visit", "none"]),
            chance.choice([" ", ", ", ""]).join(chance.choices(words, k=chance.randint(1, 5)))
            if chance.random() < 0.95
            else chance.choice([None, "", "…"]),
            TODAY - timedelta(days=chance.choice([0, 1, 3, 30, 31, 60, 120, 121, 200])),
            chance.random() < 0.8,
        )
        for number in range(1500)
    ]
    expected = second_method(comments)
    found = {
        (row["term"], row["language"], row["journey_id"]): (
            row["count_now"], row["count_before"], row["keyness"], row["p_value"], row["q_value"],
        )
        for row in emerging(for_duckdb, comments)
    }  # fmt: skip
    assert found.keys() == expected.keys() and len(found) > 100
    for key, row in expected.items():
        assert found[key] == pytest.approx(row, rel=1e-9, abs=1e-12), key


def months(chance: random.Random, planted: str | None = None) -> list[Comment]:
    """Write four months of comments that speak alike; a planted term stands in 2 % of those of the last."""
    vocabulary = [f"{a}{b}{c}" for a in "ktrsmn" for b in ("a", "el", "o") for c in ("ri", "no", "ba", "st")]
    chinese = [chr(0x4E00 + number) for number in range(60)]
    comments: list[Comment] = []
    for number in range(4800):
        day = TODAY - timedelta(days=1 + number % 120)
        language = "zh" if number % 4 == 0 else "en"
        words = chinese if language == "zh" else vocabulary
        weights = [1 / (place + 1) for place in range(len(words))]
        mark = "" if language == "zh" else " "
        text = mark.join(chance.choices(words, weights, k=chance.randint(4, 16)))
        if planted and language == "en" and number % 120 < 30 and chance.random() < 0.02:
            text += f" {planted}"
        comments.append((f"c{number}", language, chance.choice(["visit", "help"]), text, day, True))
    return comments


def alarms(compiled: dict[str, str], seeds: range) -> int:
    """Count the seeds that sound an alarm where nothing changed."""
    return sum(
        any(row["q_value"] < 0.05 for row in emerging(compiled, months(random.Random(seed))))
        for seed in seeds
    )


def finds(compiled: dict[str, str], seeds: range) -> int:
    """Count the seeds whose planted term is found; it is said in 2 % of 900 comments of the last month."""
    found = 0
    for seed in seeds:
        comments = months(random.Random(seed), planted="lockdown")
        found += any(
            row["term"] == "lockdown" and row["q_value"] < 0.05 for row in emerging(compiled, comments)
        )
    return found


def most(seeds: int) -> int:
    """Give how many false alarms 5 % may come to, by chance once in a thousand times."""
    return int(binom.ppf(0.999, seeds, 0.05))


def test_a_planted_term_is_found_and_shuffled_months_say_nothing(for_duckdb: dict[str, str]) -> None:
    assert finds(for_duckdb, range(5)) == 5
    assert alarms(for_duckdb, range(100, 120)) <= most(20)


# Letters that words are made of, what divides them, and a term that nobody used before.
SCRIPTS = {
    "zh": ([chr(0x4E00 + 40 * number) for number in range(60)], "", "快递"),
    "ja": ([chr(0x3042 + number) for number in range(60)], "", "宅配"),
    "th": ([chr(0x0E01 + number) for number in range(40)], "", "ชำรุด"),
    "he": ([a + b + "ר" for a in "אבגדהוזח" for b in "טיכלמנס"], " ", "משלוח"),
    "fa": ([a + b + "ر" for a in "ابپتثجچ" for b in "سشصضطظع"], " ", "می\u200cلنگد"),
    "bg": ([a + b + "в" for a in "абвгдежз" for b in "ийклмно"], " ", "куриер"),
    "hi": ([a + "\u093e" + b for a in "कखगघचछजझ" for b in "टठडढतथद"], " ", "डिलीवरी"),
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_planted_term_is_found_in_every_script(for_duckdb: dict[str, str], language: str) -> None:
    """Of a script without blanks it is two neighbouring letters of the term that are found."""
    words, mark, planted = SCRIPTS[language]
    chance = random.Random(language)
    weights = [1 / (place + 1) for place in range(len(words))]
    comments: list[Comment] = []
    for number in range(4000):
        day = TODAY - timedelta(days=1 + number % 120)
        text = mark.join(chance.choices(words, weights, k=chance.randint(4, 12)))
        # 21 of the 1,020 comments of the last month: every fiftieth of them.
        if number % 120 < 30 and (number // 120 * 30 + number % 120) % 50 == 7:
            half = len(text) // 2
            text = f"{text[:half]} {planted} {text[half:]}" if mark else text[:half] + planted + text[half:]
        comments.append((f"c{number}", language, "visit", text, day, True))
    found = [row for row in emerging(for_duckdb, comments) if row["q_value"] < 0.05]
    wanted = {planted} if mark else {planted[place : place + 2] for place in range(len(planted) - 1)}
    assert {row["term"] for row in found} & wanted == wanted
    assert {row["count_now"] for row in found if row["term"] in wanted} == {21}
    assert {row["count_before"] for row in found if row["term"] in wanted} == {0}


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_planted_terms_are_found_and_false_alarms_are_few(for_duckdb: dict[str, str]) -> None:
    found, false = finds(for_duckdb, range(100)), alarms(for_duckdb, range(1000, 1400))
    print(f"found {found} of 100; {false} false alarms in 400")
    assert found >= 95
    assert false <= most(400)
