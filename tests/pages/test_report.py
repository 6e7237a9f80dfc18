"""The report, laid out from rows written by hand: what it says, and what it never shows."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.pages import plots, scales, words
from flows.pages.report import page, write_report
from tests.pages.reading import read, words_of
from tests.pages.rows import facts, measured, priority, score, stop


def laid_out(company: str = "Acme", **more: Any) -> str:
    return page(facts(**more), company, "Europe/Amsterdam", {})


def test_a_page_of_well_formed_parts() -> None:
    found = read(laid_out())

    assert found.language == "en"
    assert found.landmarks == ["header", "nav", "main", "footer"]
    assert found.headings[0] == 1 and found.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(found.headings))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.referred) <= set(found.ids)
    assert found.loaded == [] and not {"script", "img", "iframe", "object", "form"} & found.tags


def test_every_plot_says_in_words_what_it_shows() -> None:
    told = [one for one in read(laid_out()).pictures if one is not None]

    assert len(told) == 4
    assert told[3].endswith(
        "Strategic 62 of 100; Problem 3.1 of 100 customers; Battle 0.78 a person-month.\n"
    )
    assert all(len(one.strip().split("\n")) == 2 for one in told)
    assert "Satisfied (CSAT), Visiting\n61 %, 95 % interval 57 to 65 %, 1,204 answers." in told[0]
    assert "December 2025 50 % (40 to 60 %); January 2026 51 % (41 to 61 %)" in told[1]
    assert "March 2026 so far 53 % (43 to 63 %)." in told[1]
    assert (
        "34 %, 95 % interval 29 to 39 %, 310 answers; expected 80 %, gap in points −46 (−51 to −41)."
        in told[2]
    )


def test_numbers_are_said_with_their_certainty() -> None:
    said = words_of(laid_out())

    assert "61 % 57 to 65 %" in said
    assert "−12 points on the 90 days before: more than chance (q < 0.001)" in said
    assert "As of 12 March 2026, 07:00 (Europe/Amsterdam)" in said
    assert "Desk: Waiting" in said and "213 customers wait, and more do every week." in said
    assert "312,400 EUR and 12 unknown" in said and "2.5 person-months assumed" in said and "4.2 to 1" in said


def test_what_is_suppressed_shows_no_number() -> None:
    hidden = score("nps", None)
    said = words_of(
        laid_out(scores=[hidden], trends=[], map=[stop("desk", metric="nps", verdict="suppress")])
    )

    assert said.count("Too few answers to say anything") == 2
    assert "nothing to compare" not in said
    assert re.findall(r"\d+ (?:answers|to \d+)", said.split("Ten priorities")[0]) == []


def test_a_month_without_a_number_leaves_a_hole() -> None:
    months = facts()["trends"]
    months[1] = {**months[1], **dict.fromkeys(("score", "score_low", "score_high", "answer_count"))}
    line = plots.trend("csat", months)

    assert line is not None
    assert [points.count(",") for points in line.lines] == [1, 2]
    assert len(line.dots) == 3 and "January" not in line.sentence
    assert plots.trend("csat", months[:2]) is None


@pytest.mark.parametrize(
    ("gap", "mark"),
    [
        ((-0.1, -0.15, -0.05), "▼ −10 (−15 to −5) against the 80 % set"),
        ((0.1, 0.05, 0.15), "▲ +10 (+5 to +15) against the 80 % set"),
        ((-0.01, -0.06, 0.04), "◇ −1 (−6 to +4) against the 80 % set; may be chance"),
    ],
)
def test_a_gap_counts_only_where_its_whole_interval_lies_on_one_side(
    gap: tuple[float, float, float], mark: str
) -> None:
    assert mark in words_of(laid_out(map=[measured("desk", 0.8 + gap[0], gap)]))


def test_what_nobody_asks_about_is_said() -> None:
    said = words_of(laid_out(map=[stop("gate"), stop("lift", is_asked=True)]))

    assert "Gate arrive : “ Nobody waits ” Nobody asks here." in said
    assert "No score to show yet." in said


def test_texts_from_outside_are_texts() -> None:
    evil = "<script>alert(1)</script>\u202e<img src=x onerror=y> ann@example.com \x00"
    rows = facts(
        journeys=[{"journey_id": "visit", "name": evil}],
        map=[
            {
                **measured("desk", 0.5, (-0.3, -0.4, -0.2)),
                "touchpoint_name": evil,
                "customer_expectation": evil,
                "stage": evil,
            }
        ],
        priorities=[
            priority(
                reason=evil,
                theme_name=evil,
                touchpoint_name=evil,
                initiative_name=evil,
                is_already_in_hand=True,
                currency=evil,
            )
        ],
        battles=[
            {"name": evil, "reason": evil, "pain_point_count": 2, "in_hand_count": 0, "customer_count": 9}
        ],
        causes=[{"name": evil, "is_structural": True, "count": 3}],
        terms=[
            {
                "term": evil,
                "language": evil,
                "count_now": 9,
                "comments_now": 90,
                "count_before": 1,
                "comments_before": 300,
            }
        ],
        findings=[
            {"sentence": evil, "severity": "warning", "outcome": "broken", "observed": evil, "since": None}
        ],
        quarantine=[{"source_name": evil, "level": "record", "count": 2}],
        withheld=[{"reason": evil, "count": 2}],
    )
    rows["sources"][0].update(source_name=evil, tool=evil, is_left_out=True)
    made = page(rows, evil, "UTC", {})

    assert not {"script", "img"} & read(made).tags
    assert "onerror=y>" not in made and "\u202e" not in made and "\x00" not in made
    assert "@" not in re.sub(r"<style>.*?</style>", "", made, flags=re.S)
    assert made.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 12


def test_letters_that_a_script_needs_stay() -> None:
    persian, family = "می\u200cخواهم", "👩\u200d👧"

    assert words.harmless(f"{persian} {family}") == f"{persian} {family}"
    assert words.harmless("a\nb\u2028c") == "a b c"


def test_a_source_left_out_and_a_check_that_fails_stand_at_the_top() -> None:
    rows = facts(
        findings=[
            {
                "sentence": "Answers come in.",
                "severity": "warning",
                "outcome": "could_not_tell",
                "observed": "",
                "since": None,
            },
            {
                "sentence": "Counts add up.",
                "severity": "critical",
                "outcome": "held",
                "observed": "",
                "since": None,
            },
        ]
    )
    rows["sources"][0]["is_left_out"] = True
    top = words_of(page(rows, "Acme", "UTC", {})).split("At a glance")[0]

    assert "A source is left out: kiosk (its last reading failed; what came since is missing)" in top
    assert "1 check needs a look" in top


def test_an_empty_company_has_a_page_too() -> None:
    empty = {name: [] for name in facts() if name not in ("about", "responses")}
    said = words_of(laid_out(**empty))

    assert "There is no pain point to rank yet." in said
    assert "No follow-up was asked for yet." in said


@pytest.mark.parametrize(
    ("metric", "value", "place", "said"),
    [
        ("nps", -100.0, 0.0, "−100"),
        ("nps", 28.06, 64.03, "28"),
        ("enps", 0.4, 50.2, "0"),
        ("csat", 0.3431, 34.31, "34 %"),
        ("ces", 1.0, 100.0, "100 %"),
        ("nps", -0.3, 49.85, "0"),
    ],
)
def test_where_scores_stand_and_how_they_are_said(metric: str, value: float, place: float, said: str) -> None:
    assert scales.position(metric, value) == pytest.approx(place)
    assert scales.said(metric, value).replace(words.HOLDING, " ") == said


def test_the_old_page_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "dbt-docs").mkdir()
    (tmp_path / "dbt-docs" / "index.html").write_text("dictionary")
    written = write_report(tmp_path, facts(), "Acme", "UTC")
    with written.open(encoding="utf-8") as old:
        write_report(tmp_path, facts(), "Other", "UTC")
        assert "Acme" in old.read()

    assert "Other" in written.read_text(encoding="utf-8")
    assert 'href="dbt-docs/index.html"' in written.read_text(encoding="utf-8")
    assert 'href="data-docs/index.html"' not in written.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dbt-docs", "index.html"]
