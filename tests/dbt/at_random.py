"""A home full of answers at random, and the same facts as plain rows for a second method to count."""

from __future__ import annotations

import contextlib
import functools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from flows.warehouse import raw
from tests.homes import Cells, Home

NOW = datetime(2026, 5, 4, 5, tzinfo=UTC)  # still the 3rd of May in Los Angeles
ZONE = "America/Los_Angeles"
FIVE, SEVEN = {"scale_min": "1", "scale_max": "5"}, {"scale_min": "1", "scale_max": "7"}
Arrival: TypeAlias = Callable[[list[Mapping[str, Any]]], list[Mapping[str, Any]]]
# question: metric, scale, touchpoint, what it asks for
QUESTIONS: dict[str, tuple[str, dict[str, str], str | None, str]] = {
    "desk": ("csat", FIVE, "desk", "perception"),
    "desk_hoped": ("csat", FIVE, "desk", "expectation"),
    "desk_matters": ("rating", FIVE, "desk", "importance"),
    "gate": ("csat", SEVEN, "gate", "perception"),
    "gate_again": ("csat", FIVE, "gate", "perception"),
    "gate_hoped": ("csat", FIVE, "gate", "expectation"),
    "gate_matters": ("rating", SEVEN, "gate", "importance"),
    "phone": ("csat", FIVE, "phone", "perception"),
    "phone_effort": ("ces", SEVEN, "phone", "perception"),
    "phone_nps": ("nps", {}, "phone", "perception"),
    "phone_nps_hoped": ("nps", {}, "phone", "expectation"),
    "nps": ("nps", {}, None, "perception"),
    "here": ("rating", FIVE, None, "perception"),  # the touchpoint comes with the response
}
JOURNEY_OF = {
    "desk": "visit",
    "gate": "visit",
    "phone": "help",
    "lift": "visit",
    "post": "help",
    "none": "none",
}


@dataclass(frozen=True)
class Answer:
    """Hold one answer as a second method needs it."""

    response: str
    customer: str | None
    cluster: str
    weight: float
    at: datetime
    segments: Mapping[str, str]
    touchpoint: str
    kind: str
    metric: str
    asks_for: str
    value: float
    position: float
    scale: tuple[int, int]

    @property
    def journey(self) -> str:
        """Give the journey of the touchpoint."""
        return JOURNEY_OF[self.touchpoint]

    @property
    def day(self) -> date:
        """Give the company's day."""
        return self.at.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()

    @property
    def score_class(self) -> str:
        """Class the answer by counting on its own scale."""
        if self.metric == "nps":
            return "promoter" if self.value >= 9 else "passive" if self.value >= 7 else "detractor"
        return "top" if self.position >= 0.75 else "bottom" if self.position <= 0.25 else "middle"

    @property
    def code(self) -> float:
        """Give what scores are the mean of."""
        return {"promoter": 1.0, "top": 1.0, "detractor": -1.0}.get(self.score_class, 0.0)


@dataclass(frozen=True)
class Customer:
    """Hold a customer as the newest customers file has it."""

    source: str
    account: str | None
    segment: str | None
    left_at: datetime | None
    value: float | None
    currency: str | None


class Filled(Home):
    """Hold a home whose rows are put into `raw` all at once."""

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """Take rows until the block ends."""
        self.taken: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        yield
        with raw.opened(self.folder) as connection:
            for table, rows in self.taken.items():
                names = sorted({name for row in rows for name in row})
                columns = {name: [row.get(name) for row in rows] for name in names}
                filled = connection.cursor()
                filled.register("taken", pa.table(columns))
                told = ", ".join(f'"{name}"' for name in names)
                filled.execute(f"insert into raw.{table} ({told}) select {told} from taken").fetchall()

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        self.taken[table].append(row)


@dataclass(frozen=True)
class AtRandom:
    """Hold a built home and the facts that it was filled with."""

    home: Filled
    answers: list[Answer]
    customers: dict[str, Customer]


def programme() -> dict[str, list[Cells]]:
    """Write programme tables: five touchpoints, one of which nobody asks about."""
    expected = {"phone": ("ces", "0.4"), "desk": ("csat", "0.9"), "gate": ("nps", "20")}
    return {
        "journeys": [{"journey_id": name, "name": name, "owner_team_id": "t"} for name in ("visit", "help")],
        "teams": [{"team_id": "t", "name": "T", "email": "t@example.com"}],
        "touchpoints": [
            {
                "touchpoint_id": name,
                "journey_id": journey,
                "is_moment_of_truth": "true" if name == "desk" else None,
                "expected_metric": expected.get(name, (None, None))[0],
                "expected_score": expected.get(name, (None, None))[1],
            }
            for name, journey in JOURNEY_OF.items()
            if name != "none"
        ],
        "surveys": [{"source_name": "kiosk", "survey_id": "visit", "channel": "kiosk"}],
        "questions": [
            {
                "source_name": "kiosk",
                "survey_id": "visit",
                "question_ref": name,
                "metric": metric,
                "touchpoint_id": touchpoint,
                "asks_for": asks_for,
                **scale,
            }
            for name, (metric, scale, touchpoint, asks_for) in QUESTIONS.items()
        ],
        "goals": [
            goal("desk", "visit", "desk", "csat", "0.5", "2026-05-03"),
            goal("desk_low", None, "desk", "csat", "0.1", "2026-05-02"),
            goal("gate_past", "visit", "gate", "csat", "0.99", "2026-05-02"),
            goal("help", "help", None, "csat", "0.99", "2027-01-01", "transactional"),
            goal("company", None, None, "nps", "-20", None),
            goal("whole", "none", "none", "nps", "-20", "2026-05-02"),
            goal("lift", "visit", "lift", "nps", "10", "2026-05-02"),
        ],
    }


def goal(
    name: str,
    journey: str | None,
    touchpoint: str | None,
    metric: str,
    target: str,
    by: str | None,
    kind: str = "",
) -> Cells:
    """Write a goal."""
    place = {"journey_id": journey, "touchpoint_id": touchpoint, "metric": metric, "survey_kind": kind}
    return {"goal_id": name, **place, "target_score": target, "by_date": by}


@functools.cache
def shared(base: Path) -> AtRandom:
    """Give the one home that the test files of this process share; they only read it."""
    folder = base / "at_random"
    folder.mkdir()
    return made(folder)


def made(folder: Path, seed: int = 4, size: int = 1, arrive: Arrival = list) -> AtRandom:
    """Fill a home with 400 responses of 160 customers, or so many times as many, and build it.

    `arrive` may change the order in which the responses arrive, or let some arrive more than once.
    """
    chance = random.Random(seed)
    home = Filled(
        folder,
        NOW,
        sources=[
            {"name": "kiosk", "tool": "files", "path": "*.csv"},
            {"name": "crm", "tool": "files", "path": "c.csv", "holds": "customers"},
            {"name": "list", "tool": "files", "path": "l.csv", "holds": "customers"},
        ],
        segments=["segment", "store"],
        company={"timezone": ZONE, "currency": "EUR"},
        numbers={"suppress_below": 20},
    )
    home.programme(**programme())
    with home.filling():
        home.load()
        customers = dict(_customers(home, chance, size))
        asked = [None, *[f"c{number}" for number in range(160 * size)], *["c0"] * 5]
        answers = [
            answer
            for number in range(400 * size)
            for answer in _response(home, chance, number, chance.choice(asked), customers)
        ]
        told = arrive(home.taken["responses"])
        home.taken["responses"] = [{**row, "sequence": number} for number, row in enumerate(told)]
    home.build()
    return AtRandom(home, answers, customers)


def _customers(home: Filled, chance: random.Random, size: int) -> Iterator[tuple[str, Customer]]:
    for number in range(130 * size):
        name = f"c{number}"
        is_ours = number < 100 * size
        is_gone = is_ours and chance.random() < 0.3
        one = Customer(
            source="crm" if is_ours else "list",
            account=f"a{number % (12 * size)}" if number % 3 == 0 else None,
            segment=chance.choice(["gold", "iron", None]),
            left_at=_moment(chance, 60) if is_gone else None,
            value=chance.choice([None, 100.0, 250.5]),
            currency=chance.choice([None, "EUR", "eur", "USD"]),
        )
        cells = {"segment": one.segment, "account_id": one.account, "currency": one.currency}
        # Nobody had left when the first file was read.
        home.customer(name, source_name=one.source, **cells, annual_value="1")
        told = {"left_at": f"{one.left_at.isoformat()}Z" if one.left_at else None}
        home.customer(
            name, source_name=one.source, **cells, **told, annual_value=str(one.value) if one.value else None
        )
        yield name, one


def _moment(chance: random.Random, days: float) -> datetime:
    return (NOW - timedelta(minutes=chance.randrange(1, int(days * 24 * 60)))).replace(tzinfo=None)


def _response(
    home: Filled, chance: random.Random, number: int, customer: str | None, customers: dict[str, Customer]
) -> Iterator[Answer]:
    name = f"r{number}"
    known = customers.get(customer or "")
    account = "a3" if chance.random() < 0.05 else None
    weight = chance.choice([None, None, 1.0, 2.5, 0.4])
    at = _moment(chance, 220)
    properties = {
        "touchpoint": chance.choice(["desk", "post", "nowhere"]),
        "store": chance.choice(["17", ""]),
    }
    told = {
        question: _value(chance, metric, scale, touchpoint)
        for question, (metric, scale, touchpoint, _) in QUESTIONS.items()
        if chance.random() < 0.6
    }
    texts = {question: str(value) for question, value in told.items()}
    envelope = {"submitted_at": at, "customer_id": customer, "account_id": account, "weight": weight}
    home.answers(name, texts, properties=properties, **envelope)
    account = account or (known.account if known else None)
    for question, value in told.items():
        metric, scale, touchpoint, asks_for = QUESTIONS[question]
        arrived = properties["touchpoint"] if properties["touchpoint"] in JOURNEY_OF else "none"
        place = touchpoint or arrived
        low, high = (int(scale["scale_min"]), int(scale["scale_max"])) if scale else (0, 10)
        yield Answer(
            response=name,
            customer=customer,
            cluster=f"a:{account}" if account else f"c:{customer}" if customer else f"r:{name}",
            weight=1.0 if weight is None else weight,
            at=at,
            segments={
                "segment": (known.segment if known else None) or "unknown",
                "store": properties["store"] or "unknown",
            },
            touchpoint=place,
            kind="relational" if place == "none" else "transactional",
            metric=metric,
            asks_for=asks_for,
            value=float(value),
            position=(value - low) / (high - low),
            scale=(low, high),
        )


def _value(chance: random.Random, metric: str, scale: dict[str, str], touchpoint: str | None) -> int:
    low, high = (int(scale["scale_min"]), int(scale["scale_max"])) if scale else (0, 10)
    lift = {"desk": 0.5, "phone": 0.0, "gate": 0.9}.get(touchpoint or "", 0.3)
    return max(chance.randint(low, high), chance.randint(low, high) if chance.random() < lift else low)


def effective(codes: list[float], weights: list[float], clusters: list[str]) -> float:
    """Count what answers are worth, given weights and clusters, from single answers."""
    x, w, names = np.array(codes), np.array(weights), np.array(clusters)
    n, units = len(x), sorted(set(clusters))
    totals = np.array([w[names == unit].sum() for unit in units])
    if len(units) == 1:
        return 1.0
    if len(set(codes)) == 1:
        return float(totals.sum() ** 2 / (totals**2).sum())
    pulls = np.array([(w * (x - np.average(x, weights=w)))[names == unit].sum() for unit in units])
    variance = len(units) / (len(units) - 1) * (n - 1) / n * (pulls**2).sum() / w.sum() ** 2
    simple = np.average((x - np.average(x, weights=w)) ** 2, weights=w) / n
    return float(n / max(1.0, variance / simple))
