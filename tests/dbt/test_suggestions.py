"""What `unmapped_questions` suggests, held to fifty real question texts that a person labelled beforehand.

The texts (tests/samples/question_texts.csv, each with its source) are of public templates in five languages,
and were labelled before the words were chosen. Words were tried on the half marked `is_seen`, never on the
other; but who chose them had read all fifty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from flows.drafts.columns import Column
from flows.drafts.roles import question_of

from .chain import Chain

TEXTS = list(
    csv.DictReader((Path(__file__).parents[1] / "samples" / "question_texts.csv").open(encoding="utf-8"))
)
# What people answer, by what a template lets them answer; choices as in a file of answers, without ids.
ANSWERED = {
    "0-10": ["10", "9", "9", "7", "8", "3", "0", "10", "6", "9", "8", "10"],
    "1-5": ["4", "5", "3", "1", "5", "2", "4", "4", "5", "3", "4", "5"],
    "1-7": ["6", "7", "3", "1", "5", "2", "4", "4", "6", "3", "7", "5"],
    "1-10": ["8", "9", "3", "1", "5", "7", "10", "8", "6", "7", "7", "8"],
    "few": ["1", "2", "2", "4", "3", "5", "2", "1", "4", "2", "3", "2"],
    "number": ["31", "44", "67", "19", "52", "38", "27", "71", "45", "60", "33", "29"],
    "text": ["The queue", "ok", "Nobody answered for an hour", "Nice staff", "Slow page", "nothing"],
    "place": ["Utrecht", "Lyon", "Planner", "Graz", "Porto", "Lisboa", "Chef", "Gent"],
    "choice": ["Advertising", "Friends and family", "Other", "Advertising", "Other", "Search engine"] * 2,
    "address": ["a@example.com", "b@example.com", "c@example.com"],
}  # fmt: skip
COLUMNS = (
    "source_name varchar, survey_id varchar, question_ref varchar, question_text varchar, "
    "value_text varchar, value_number double, choice_id varchar, holds_address boolean, is_mapped boolean, "
    "is_understood boolean"
)


def suggested(chain: Chain, asked: Iterable[tuple[str, str, list[str]]]) -> dict[str, str]:
    """Make the mart of questions (ref, text, answers) that no table speaks of; gives suggestions by ref."""
    rows = [
        ("shop", "s", ref, text, value, _number(value), None, "@" in value, False, False)
        for ref, text, answers in asked
        for value in answers
    ]
    chain.given("intermediate.int_answers_judged", COLUMNS, rows)
    chain.make("unmapped_questions")
    found = chain.rows("select question_ref, suggestion from warehouse.marts.unmapped_questions")
    return {row["question_ref"]: row["suggestion"] for row in found}


def _number(text: str) -> float | None:
    return float(text) if text.isdigit() else None


def told(what: str, right: dict[str, bool]) -> None:
    """Print how many suggestions are right, and demand four of five, of those held out too."""
    halves = {half: [right[row["text"]] for row in TEXTS if row["is_seen"] == half] for half in ("yes", "no")}
    shares = {half: sum(found) / len(found) for half, found in halves.items()}
    whole = sum(right.values()) / len(right)
    print(
        f"\n{what}: right for {whole:.0%} of {len(right)} questions; of the half that was looked at "
        f"{shares['yes']:.0%}, of the half held out {shares['no']:.0%}"
    )
    assert len(right) == 50
    assert min(whole, *shares.values()) >= 0.8


def test_there_are_five_languages_and_questions_without_a_suggestion() -> None:
    assert {row["language"] for row in TEXTS} == {"en", "de", "es", "fr", "nl"}
    assert sum(row["means"] == "none" for row in TEXTS) >= 10
    assert all("." in row["source"] for row in TEXTS)


def test_the_mart_suggests_what_questions_measure(
    for_duckdb: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [(f"q{place}", row["text"], ANSWERED[row["answered"]]) for place, row in enumerate(TEXTS)]
    found = suggested(Chain(for_duckdb), asked)
    right = {row["text"]: found[f"q{n}"].split(",")[0] == row["means"] for n, row in enumerate(TEXTS)}
    with capsys.disabled():
        told("unmapped_questions", right)


def test_a_first_table_of_questions_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    right = {}
    for row in TEXTS:
        answers = ANSWERED[row["answered"]]
        right[row["text"]] = question_of(Column(row["text"], answers, len(answers)))["metric"] == row["means"]
    with capsys.disabled():
        told("init --from", right)


def test_what_a_suggestion_takes_into_account(for_duckdb: dict[str, str]) -> None:
    many = ["1", "2", "3", "4", "5"] * 4
    found = suggested(
        Chain(for_duckdb),
        [
            ("small", "Would you recommend us?", many),
            ("few", "Would you recommend us?", ["4", "5"]),
            ("zero", "How satisfied are you?", ["0", "9", "10"]),
            ("gap", "Wie wichtig ist Ihnen die Lieferzeit?", many),
            ("these", "Quelle est la pertinence de ces résultats ?", many),
            ("Kundenzufriedenheit", "Kundenzufriedenheit", many),
            ("mail", "How satisfied were you with our e-mail support?", many),
            ("phone", "Your phone number", ["+31 20 5550101", "+31 20 5550102"]),
            ("device", "Which phone do you use?", ["Fairphone 5", "iPhone 14"]),
            ("worded", "How satisfied are you?", ["Very", "Not at all", "Rather", "Very", "Rather", "Very"]),
            ("maybe", "Vielleicht kommen Sie wieder?", ["ja", "nein", "ja", "ja"]),
        ],
    )
    assert found == {
        "small": "rating, scale 1 to 5",
        "few": "nps, scale 0 to 10",
        "zero": "csat, scale 0 to 10",
        "gap": "rating, scale 1 to 5, asks_for importance",
        "these": "rating, scale 1 to 5",
        "Kundenzufriedenheit": "csat, scale 1 to 5",
        "mail": "csat, scale 1 to 5",
        "phone": "contact_phone",
        "device": "none",
        "worded": "csat, name its choices",
        "maybe": "none",
    }
