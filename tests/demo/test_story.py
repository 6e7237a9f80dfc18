"""The made-up half year is repeatable, large enough, in many alphabets, and tells its story."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from demo import files, forms
from demo.comments import HOSTILE, comment, sentences
from demo.people import LANGUAGES
from demo.story import Story, last_activity, tell

# Letters that a comment in the language is written in.
ALPHABETS = {
    "he": re.compile(r"[\u0590-\u05ff]"),
    "fa": re.compile(r"[\u0600-\u06ff]"),
    "bg": re.compile(r"[\u0400-\u04ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}


@pytest.fixture(scope="module")
def story() -> Story:
    return tell()


def delivery_shares(story: Story, first: date, last: date) -> float:
    """Count the share of the satisfied with the day of delivery, by hand."""
    scores = [
        answer["number"]
        for item in story.items[forms.DELIVERY]
        if str(first) <= last_activity(item)[:10] <= str(last)
        for answer in item["answers"]
        if answer["field"]["ref"] == "delivery_day"
    ]
    return sum(score >= 4 for score in scores) / len(scores)


def test_the_same_seed_tells_the_same_story() -> None:
    first, second, other = tell(7), tell(7), tell(8)

    assert first == second
    assert first.items != other.items


def test_there_are_a_few_thousand_answers_over_six_months(story: Story) -> None:
    times = [last_activity(item)[:10] for items in story.items.values() for item in items]

    assert 3000 <= story.response_count <= 9000
    assert (date.fromisoformat(max(times)) - date.fromisoformat(min(times))).days >= 180


def test_response_ids_are_met_once(story: Story) -> None:
    tokens = [item["token"] for items in story.items.values() for item in items]
    receipts = [line["receipt"] for _, line in story.till]

    assert len(set(tokens)) == len(tokens)
    assert len(set(receipts)) == len(receipts)


def test_deliveries_get_worse_with_the_new_carrier_and_only_then(story: Story) -> None:
    before = delivery_shares(story, date(2025, 10, 1), date(2026, 1, 25))
    since = delivery_shares(story, date(2026, 2, 1), date(2026, 2, 28))

    assert before > 0.7
    assert since < 0.5


def test_more_of_those_let_down_last_leave_and_nobody_before_the_last_answer(story: Story) -> None:
    last: dict[str, tuple[str, bool]] = {}
    for form, items in story.items.items():
        for item in items:
            let_down = form == forms.DELIVERY and any(
                one["field"]["ref"] == "delivery_day" and one["number"] <= 2 for one in item["answers"]
            )
            who, said = item["hidden"]["customer_id"], (last_activity(item)[:10], let_down)
            last[who] = max(last.get(who, said), said)
    for at, line in story.till:
        if who := line["card"]:
            last[who] = max(last.get(who, ("", False)), (f"{at:%Y-%m-%d}", False))
    gone = {one.customer_id: one.left_at for one in story.people if one.left_at}

    assert all(last[who][0] < left_at <= "2026-03-11" for who, left_at in gone.items())
    let_down_last = {who for who, (_, let_down) in last.items() if let_down}
    rest = last.keys() - let_down_last
    assert len(let_down_last & gone.keys()) / len(let_down_last) > 1.5 * len(rest & gone.keys()) / len(rest)


def test_some_leave_in_the_middle_and_some_want_no_contact(story: Story) -> None:
    partial = [item for items in story.items.values() for item in items if "staged_at" in item]

    assert 20 < len(partial) < 200
    assert all(len(item["answers"]) == 1 for item in partial)
    assert 20 < sum(not person.may_contact for person in story.people) < 300
    assert any(person.annual_value is None for person in story.people)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mood", ["good", "bad"])
def test_every_language_and_mood_has_several_dozen_comments(language: str, mood: str) -> None:
    said = sentences(language)
    topics = [topic for topic in said if topic != "tail"]

    assert sum(len(said[topic][mood]) * (len(said["tail"][mood]) + 1) for topic in topics) >= 48
    assert all(len(set(said[topic][mood])) == len(said[topic][mood]) for topic in said)


@pytest.mark.parametrize("language", sorted(ALPHABETS))
def test_comments_are_written_in_their_own_alphabet(language: str) -> None:
    for moods in sentences(language).values():
        for sentence in (one for mood in moods.values() for one in mood):
            assert ALPHABETS[language].search(sentence), sentence
            assert not re.search(r"[A-Za-z]", sentence), sentence


def test_languages_do_not_share_sentences() -> None:
    seen: dict[str, str] = {}
    for language in LANGUAGES:
        for moods in sentences(language).values():
            for sentence in (one for mood in moods.values() for one in mood):
                assert seen.setdefault(sentence, language) == language, sentence


def test_all_eight_languages_are_spoken(story: Story) -> None:
    spoken = {item["hidden"]["language"] for items in story.items.values() for item in items}

    assert spoken == set(LANGUAGES)
    assert {"he", "fa"} <= spoken and len(spoken) >= 6


def test_hostile_comments_are_among_the_last_before_day_one(story: Story) -> None:
    words = {answer.get("text") for item in story.items[forms.DELIVERY] for answer in item["answers"]}

    assert set(HOSTILE) <= words


def test_files_hold_what_goes_wrong_in_real_ones(story: Story, tmp_path: Path) -> None:
    files.write_day_one(tmp_path, story)
    february = (tmp_path / "shop-floor-2026-02.csv").read_text(encoding="utf-8").splitlines()
    march = list(csv.DictReader((tmp_path / "shop-floor-2026-03.csv").open(encoding="utf-8")))
    receipts = {row["receipt"]: row["smile"] for row in march}

    assert february[-1].count(",") > february[0].count(",")
    assert any(row["smile"] == "7" for row in march)

    files.write_day_two(tmp_path, story)
    second = list(csv.DictReader((tmp_path / "shop-floor-2026-03-12.csv").open(encoding="utf-8")))
    edited = [row for row in second if row["receipt"] in receipts]

    assert [row["smile"] for row in edited] == ["4"]
    assert receipts[edited[0]["receipt"]] in ("1", "2")
    assert len(second) > 1


def test_an_order_of_moods_makes_no_comment_of_another_language(story: Story) -> None:
    from random import Random

    random = Random(1)
    for _ in range(200):
        assert not re.search(r"[A-Za-z]", comment(random, "he", "delivery", "bad"))


def test_the_unhappy_leave_more_often_and_nobody_answers_after_leaving(story: Story) -> None:
    left = {one.customer_id: one.left_at for one in story.people if one.left_at}
    last = {}
    for item in sorted((item for items in story.items.values() for item in items), key=last_activity):
        worst = min(answer.get("number", 9) for answer in item["answers"])
        last[item["hidden"]["customer_id"]] = (last_activity(item)[:10], worst <= 2)
    shares = {
        unhappy: [who in left for who, (_, is_bad) in last.items() if is_bad is unhappy]
        for unhappy in (True, False)
    }

    assert 50 < len(left) < 250
    assert all(last[who][0] < day < "2026-03-11" for who, day in left.items() if who in last)
    assert sum(shares[True]) / len(shares[True]) > 2 * sum(shares[False]) / len(shares[False])
