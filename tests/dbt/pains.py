"""Answers, comments and follow-ups at random, and the models of pain points and priorities made of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from hashlib import md5
from typing import Any

from tests.dbt.chain import Chain

TODAY = date(2026, 5, 4)
Place = tuple[str, str]
Pain = tuple[str, str, str]
SETTINGS = "today date, timezone varchar, currency varchar, language varchar, suppress_below double"
THEMES = {"queue": "complaint", "noise": "complaint", "smile": "praise", "hours": "question"}
TABLES = {
    "marts.responses": "response_key varchar, source_name varchar, survey_id varchar, response_id varchar, "
    "customer_id varchar",
    "marts.comments": "comment_key varchar, response_key varchar, journey_id varchar, touchpoint_id varchar, "
    "language varchar, text varchar, submitted_at timestamp",
    "marts.comment_themes": "comment_key varchar, theme_id varchar",
    "intermediate.int_scores_located": "answer_key varchar, response_key varchar, submitted_at timestamp, "
    "local_date date, journey_id varchar, touchpoint_id varchar, survey_kind varchar, metric varchar, "
    "good double, bad double, weight double, cluster_key varchar, respondent_key varchar",
    "intermediate.int_customers_followed": "customer_id varchar, annual_value double",
    "intermediate.int_assignments_held": "follow_up_key varchar, root_cause_id varchar",
    "intermediate.int_follow_ups_asked": "follow_up_key varchar",
    "staging.stg_programme__themes": "theme_id varchar, name varchar, kind varchar, language varchar",
}
MODELS = (
    "int_comments_classed",
    "int_pains_raised",
    "int_pains_counted",
    "int_pains_left_out",
    "int_pains_valued",
    "pain_point_answers",
    "int_pains_explained",
    "pain_points",
)


@dataclass(frozen=True)
class Score:
    """Hold one answer: its class is good, middle or bad."""

    place: Place
    metric: str
    kind: str


@dataclass(frozen=True)
class Sitting:
    """Hold one response: what it scored and what it said where, with the themes of each comment."""

    key: str
    day: date
    customer: str | None = None
    weight: float = 1.0
    scores: tuple[Score, ...] = ()
    comments: tuple[tuple[Place, tuple[str, ...]], ...] = ()

    @property
    def who(self) -> str:
        """Name who answered."""
        return self.customer or self.key

    @property
    def window(self) -> str | None:
        """Tell in which window it lies."""
        age = (TODAY - self.day).days
        return "now" if 1 <= age <= 90 else "before" if 91 <= age <= 180 else None

    def follow_up(self, touchpoint: str) -> str:
        """Give the key of its follow-up at a touchpoint, as the ledger has it."""
        return md5(f"kiosk|visit|{self.key}|{touchpoint}".encode()).hexdigest()


@dataclass
class Facts:
    """Hold all that pain points are made of."""

    sittings: list[Sitting]
    values: dict[str, float | None] = field(default_factory=dict)
    causes: dict[str, str | None] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=lambda: THEMES)
    suppress_below: float = 30


def at_random(seed: int) -> Facts:
    """Make 900 sittings of 200 customers over 200 days."""
    chance = random.Random(seed)
    places = [("visit", "desk"), ("visit", "gate"), ("help", "phone"), ("none", "none")]
    metric_of = {"desk": "csat", "gate": "rating", "phone": "ces", "none": "nps"}
    sittings, causes = [], {}
    for number in range(900):
        place = chance.choice(places)
        mood = chance.choices(("good", "middle", "bad"), (5, 2, 3))[0]
        scores = [Score(place, metric_of[place[1]], mood)] if chance.random() < 0.8 else []
        if chance.random() < 0.3:
            scores.append(Score(place, chance.choice(["nps", "csat"]), chance.choice(("good", "bad"))))
        said = ["noise"] if mood == "bad" and chance.random() < 0.3 else []
        said += [theme for theme in THEMES if chance.random() < 0.15]
        elsewhere = chance.choice(places)
        comments = [(place, tuple(dict.fromkeys(said)))] if chance.random() < 0.6 else []
        comments += [(elsewhere, ("queue",))] if chance.random() < 0.1 and elsewhere != place else []
        one = Sitting(
            f"r{number}",
            TODAY - timedelta(days=chance.randint(0, 200)),
            chance.choice([None, *(f"c{one}" for one in range(200))]),
            chance.choice([1.0, 1.0, 0.5, 2.25]),
            tuple(dict.fromkeys(scores)),
            tuple(comments),
        )
        sittings.append(replace(one, scores=_once_a_metric(one.scores)))
        if chance.random() < 0.2:
            causes[one.follow_up(place[1])] = chance.choice(["rush", "rush", "luck", None])
    values = {f"c{number}": chance.choice([None, 100.0, 333.3, 1250.0]) for number in range(180)}
    return Facts(sittings, values, causes)


def _once_a_metric(scores: Sequence[Score]) -> tuple[Score, ...]:
    return tuple({(score.place, score.metric): score for score in scores}.values())


def made(compiled: Mapping[str, str], facts: Facts) -> Chain:
    """Make the models of pain points out of facts."""
    chain = Chain(compiled)
    settings = (TODAY, "UTC", "EUR", "en", facts.suppress_below)
    chain.given("computed.settings", SETTINGS, [settings])
    for table, rows in _rows(facts).items():
        chain.given(table, TABLES[table], rows)
    chain.make(*MODELS)
    return chain


def _rows(facts: Facts) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    for one in facts.sittings:
        at = datetime.combine(one.day, time(12))
        rows["marts.responses"].append((one.key, "kiosk", "visit", one.key, one.customer))
        for place, themes in one.comments:
            key = f"{one.key} says {place[1]}"
            rows["marts.comments"].append((key, one.key, *place, "en", "words", at))
            rows["marts.comment_themes"] += [(key, theme) for theme in themes]
        who = f"c:{one.customer}" if one.customer else f"r:{one.key}"
        rows["intermediate.int_scores_located"] += [
            (
                *(f"{one.key} {score.place[1]} {score.metric}", one.key, at, one.day, *score.place),
                *("transactional", score.metric, float(score.kind == "good"), float(score.kind == "bad")),
                *(one.weight, who, who),
            )
            for score in one.scores
        ]
    rows["intermediate.int_customers_followed"] = list(facts.values.items())
    rows["intermediate.int_assignments_held"] = list(facts.causes.items())
    asked = {one.follow_up(score.place[1]) for one in facts.sittings for score in one.scores}
    rows["intermediate.int_follow_ups_asked"] = [(key,) for key in sorted(asked)]
    rows["staging.stg_programme__themes"] = [
        (name, name.title(), kind, "*") for name, kind in facts.themes.items()
    ]
    return rows
