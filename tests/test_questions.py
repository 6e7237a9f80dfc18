"""The ten questions of docs/questions.md: the SQL of the page against the demo, beside counts in Python."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from flows import ledger

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
PUBLISHED = datetime(2026, 3, 12, 6)
Rows = list[dict[str, Any]]


def questions() -> dict[int, list[str]]:
    """Take the SQL out of the page: the blocks under each numbered heading."""
    parts = re.split(r"^## (\d+)\. .*\?$", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]
    return {
        int(number): re.findall(r"```sql\n(.*?)```", text, re.S)
        for number, text in zip(parts[::2], parts[1::2], strict=True)
    }


class Demo:
    """Ask the demo's marts as the page says, and read whole tables out of the other form of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._kept: dict[str, Rows] = {}

    def asked(self, number: int, block: int = 0) -> Rows:
        with duckdb.connect(str(self.home / "published" / "marts.duckdb"), read_only=True) as marts:
            return _rows(marts.execute(questions()[number][block]))

    def table(self, name: str) -> Rows:
        if name not in self._kept:
            path = self.home / "published" / "parquet" / f"{name}.parquet"
            with duckdb.connect() as connection:
                self._kept[name] = _rows(connection.execute(f"from '{path}'"))
        return self._kept[name]

    def by(self, name: str, key: str) -> dict[Any, dict[str, Any]]:
        return {row[key]: row for row in self.table(name)}

    def programme(self, name: str) -> list[dict[str, str]]:
        path = self.home / "company" / "programme" / f"{name}.csv"
        return list(csv.DictReader(path.open(encoding="utf-8")))

    def events(self) -> list[dict[str, Any]]:
        with ledger.open_ledger(f"sqlite:///{self.home / 'ledger.sqlite'}") as book:
            events = [dict(event) for event in ledger.events_after(book, 0)]
        # What the run of day two promised came after it had published.
        return [event for event in events if event["at"] < PUBLISHED.replace(tzinfo=UTC)]


def _rows(found: duckdb.DuckDBPyConnection) -> Rows:
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def demo(shown: tuple[Path, str]) -> Demo:
    return Demo(shown[0])


def local(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Amsterdam"))


def nps(values: list[float]) -> float:
    return 100 * (sum(value >= 9 for value in values) - sum(value <= 6 for value in values)) / len(values)


def is_bad(row: dict[str, Any]) -> bool:
    return row["score_class"] in ("detractor", "bottom")


def test_there_are_ten_and_each_tells_how_to_read_it() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert {number: len(blocks) for number, blocks in questions().items()} == dict.fromkeys(
        range(1, 10), 1
    ) | {10: 2}
    assert len(re.findall(r"```\n\n[A-Z`]", text)) == 11


def test_relationship_nps_by_quarter(demo: Demo) -> None:
    quarters: dict[tuple[int, int], list[float]] = defaultdict(list)
    for row in demo.table("answers"):
        if row["metric"] == "nps" and row["survey_kind"] == "relational":
            at = local(row["submitted_at"])
            quarters[at.year, (at.month - 1) // 3].append(row["value"])
    running, before = demo.asked(1)

    assert (running["is_finished"], before["is_finished"]) == (False, True)
    assert running["score"] == pytest.approx(nps(quarters[2026, 0]))
    assert before["score"] == pytest.approx(nps(quarters[2025, 3]))
    assert running["answer_count"] == len(quarters[2026, 0])
    assert running["score_change"] == pytest.approx(nps(quarters[2026, 0]) - nps(quarters[2025, 3]))


def test_moments_of_truth_against_expectation(demo: Demo) -> None:
    """In pairs where the same responses told what they expected, else against what the table says."""
    found: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
    for row in demo.table("answers"):
        cell = (row["touchpoint_id"], row["survey_kind"], row["metric"], row["asks_for"])
        found[cell][row["response_key"]] = int(row["score_class"] == "top")
    expected = []
    for place in demo.programme("touchpoints"):
        for kind in ("relational", "transactional"):
            cell = (place["touchpoint_id"], kind, place["expected_metric"])
            told, hoped = found[*cell, "perception"], found[*cell, "expectation"]
            pairs = [told[key] - hoped[key] for key in told.keys() & hoped.keys()]
            if place["is_moment_of_truth"] == "true" and told:
                set_gap = sum(told.values()) / len(told) - float(place["expected_score"])
                gap = sum(pairs) / len(pairs) if pairs else set_gap
                expected.append((gap, place["name"], kind, len(told)))
    told_rows = demo.asked(2)

    assert len(expected) == 5
    assert [(row["touchpoint"], row["survey_kind"], row["answer_count"]) for row in told_rows] == [
        one[1:] for one in sorted(expected)
    ]
    assert [row["gap"] for row in told_rows] == pytest.approx([one[0] for one in sorted(expected)])
    assert all(row["is_surely_below"] for row in told_rows)


def test_detractors_reached_by_journey(demo: Demo) -> None:
    """Out of the ledger's own events, which the marts are two steps away from."""
    promised, contacted = {}, {}
    for event in demo.events():
        if event["event"] == "assigned":
            promised[event["assignment_key"]] = event["details"]
        elif event["event"] == "contacted":
            contacted.setdefault(event["assignment_key"], event["at"])
    bad = {key: told for key, told in promised.items() if is_bad(told)}
    names = {row["journey_id"]: row["name"] for row in demo.programme("journeys")} | {"none": "none"}
    told = {row["journey"]: row for row in demo.asked(3)}

    assert Counter(names[one["journey_id"]] for one in bad.values()) == {
        name: row["promised"] for name, row in told.items()
    }
    for name, row in told.items():
        for hours in (24, 48):
            limit = timedelta(hours=hours)
            over = {
                key: _moment(one["received_at"])
                for key, one in bad.items()
                if names[one["journey_id"]] == name
                and _moment(one["received_at"]) <= PUBLISHED.replace(tzinfo=UTC) - limit
            }
            reached = [key in contacted and contacted[key] - at <= limit for key, at in over.items()]
            assert row[f"of_{hours}h"] == len(over)
            share = sum(reached) / len(over) if over else None
            assert row[f"reached_{hours}h"] == (None if share is None else pytest.approx(share))


def _moment(text: Any) -> datetime:
    at = datetime.fromisoformat(text) if isinstance(text, str) else text
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def test_root_causes_of_the_day_of_delivery(demo: Demo) -> None:
    named, places = {}, {}
    for event in demo.events():
        if event["event"] == "assigned":
            places[event["assignment_key"]] = event["details"]["touchpoint_id"]
        if event["root_cause_id"]:
            named[event["assignment_key"]] = event["root_cause_id"]
    english = {
        row["root_cause_id"]: row["name"] for row in demo.programme("root_causes") if row["language"] == "en"
    }
    counts = Counter(english[cause] for key, cause in named.items() if places[key] == "delivery_day")

    told = demo.asked(4)
    assert {row["root_cause"]: row["follow_ups"] for row in told} == counts
    assert sum(row["share"] for row in told) == pytest.approx(1)
    assert told[0]["root_cause"] == "The carrier does not keep its word"


def test_words_of_detractors_on_waiting(demo: Demo) -> None:
    patterns = {
        row["language"]: row["pattern"].replace("<", r"\b")
        for row in demo.programme("themes")
        if row["theme_id"] == "waiting"
    }
    bad = {
        row["response_key"]
        for row in demo.table("answers")
        if is_bad(row) and row["asks_for"] == "perception"
    }
    segments = demo.by("responses", "response_key")
    expected = Counter(
        (segments[row["response_key"]]["segment"] or "unknown", row["text"])
        for row in demo.table("comments")
        if row["response_key"] in bad
        and row["submitted_at"] >= PUBLISHED - timedelta(days=30)
        and row["text"]
        and re.search(patterns.get(row["language"], r"\Z\A"), row["text"], re.I)
    )
    told = demo.asked(5)

    assert Counter((row["segment"], row["text"]) for row in told) == expected
    assert len(told) > 20 and len({row["language"] for row in told}) > 4
    assert {row["segment"] for row in told} >= {"private", "business"}


def test_value_at_risk_and_who_left(demo: Demo) -> None:
    """By each customer's newest NPS before leaving; what customers are worth stands in their own file."""
    newest: dict[str, dict[str, Any]] = {}
    responses, customers = demo.by("responses", "response_key"), demo.by("customers", "customer_id")
    for row in sorted(demo.table("answers"), key=lambda row: (row["submitted_at"], row["answer_key"])):
        who = responses[row["response_key"]]["customer_id"]
        if row["metric"] == "nps" and row["asks_for"] == "perception" and who:
            left = customers[who]["left_at"] if who in customers else None
            if left is None or row["submitted_at"] < left:
                newest[who] = {**row, "segment": responses[row["response_key"]]["segment"] or "unknown"}
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for who, row in newest.items():
        cells[row["segment"], row["score_class"]].append(who)
    told = demo.asked(6)

    assert {row["segment"] for row in told} == {"business", "private", "regular"}
    assert sum(row["left_share"] is not None for row in told) >= 6
    for row in told:
        people = cells[row["segment"], row["score_class"]]
        values = [customers[who]["annual_value"] for who in people if who in customers]
        known = [value for value in values if value is not None]
        left = [who for who in people if who in customers and customers[who]["left_at"] is not None]
        assert row["customer_count"] == len(people)
        assert row["left_count"] == len(left)
        assert row["left_share"] in (None, pytest.approx(len(left) / row["known_count"]))
        assert row["annual_value"] == pytest.approx(sum(known))
        assert row["unknown_value_count"] == len(people) - len(known)

    # Private customers are accounts of their own, so that Newcombe's interval needs their counts alone.
    private = {row["score_class"]: row for row in told if row["segment"] == "private"}
    _, high_of_top = wilson(private["promoter"])
    for name in ("detractor", "passive"):
        low, _ = wilson(private[name])
        best, share = private["promoter"]["left_share"], private[name]["left_share"]
        least = share - best - math.hypot(share - low, high_of_top - best)
        assert private[name]["difference_to_top"] == pytest.approx(share - best)
        assert private[name]["is_surely_more"] is (least > 0)


def wilson(row: dict[str, Any]) -> tuple[float, float]:
    """Give both ends of the 95 % interval of the share that left."""
    n, p, z = row["known_count"], row["left_count"] / row["known_count"], 1.959964
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def test_what_to_start_next(demo: Demo) -> None:
    free = [
        row
        for row in demo.table("priorities")
        if not row["is_already_in_hand"] and row["decision"] in (None, "do")
    ]
    ranked = sorted(
        free, key=lambda row: (-row["battle_score"], -row["problem_score"], -row["strategic_score"])
    )
    told = demo.asked(7)

    assert [row["priority_rank"] for row in told] == [row["priority_rank"] for row in ranked[:5]]
    assert [row["reason"] for row in told] == [row["reason"] for row in ranked[:5]]
    for row in told:
        ratio = row["value_at_risk"] / row["cost"] if row["cost"] and row["value_at_risk"] else None
        assert row["benefit_per_cost"] == (None if ratio is None else pytest.approx(ratio))


def test_who_was_not_told(demo: Demo) -> None:
    [pain] = [
        row
        for row in demo.table("pain_points")
        if (row["touchpoint_id"], row["theme_id"]) == ("delivery_day", "waiting")
    ]
    behind = [
        row for row in demo.table("pain_point_answers") if row["pain_point_id"] == pain["pain_point_id"]
    ]
    told_of = {event["assignment_key"] for event in demo.events() if event["event"] == "told"}
    raised = {row["customer_id"] for row in behind if row["customer_id"]}
    heard = {row["customer_id"] for row in behind if row["follow_up_key"] in told_of}
    told = demo.asked(8)

    assert {row["customer_id"] for row in told} == raised - heard
    assert len(told) == len(raised - heard) > 10
    assert {row["follow_up"] for row in told} >= {"nobody was asked to"}


def test_one_persona_on_one_channel(demo: Demo) -> None:
    chosen = {
        row["response_key"]: row["customer_id"] or row["response_key"]
        for row in demo.table("responses")
        if (row["persona"], row["channel"]) == ("family", "email")
    }
    answers = [
        row
        for row in demo.table("answers")
        if row["response_key"] in chosen and (row["metric"], row["asks_for"]) == ("csat", "perception")
    ]
    [told] = demo.asked(9)
    count, share = len(answers), sum(row["value"] >= 4 for row in answers) / len(answers)

    assert (told["answer_count"], told["respondent_count"]) == (
        count,
        len({chosen[row["response_key"]] for row in answers}),
    )
    assert told["score"] == pytest.approx(share)
    # Wilson's ends are where the score test just rejects: |p - share| = z sqrt(p (1 - p) / n).
    for end in (told["score_low"], told["score_high"]):
        assert abs(end - share) == pytest.approx(1.96 * math.sqrt(end * (1 - end) / count))


def test_as_of_when_and_who_is_late(demo: Demo) -> None:
    [stand] = demo.asked(10)
    newest = max(row["submitted_at"] for row in demo.table("responses"))
    missed: Counter[tuple[str, str]] = Counter()
    owners, teams = demo.by("owners", "owner_id"), demo.by("teams", "team_id")
    for row in demo.table("follow_ups"):
        contacted = row["first_contact_at"]
        is_late = row["due_at"] < PUBLISHED if contacted is None else contacted > row["due_at"]
        if is_late and (row["due_at"].year, row["due_at"].month) == (2026, 3):
            missed[teams[row["team_id"]]["name"], owners[row["owner_id"]]["name"]] += 1

    assert (stand["published_at"], stand["data_until"], stand["left_out"]) == (PUBLISHED, newest, None)
    told = demo.asked(10, 1)
    assert {(row["team"], row["owner"]): row["missed"] for row in told} == missed
    assert told
