"""What to do first: ten pain points, what they cost, whether they are in hand, and why they stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import words

Row = Mapping[str, Any]
_KINDS = {"quick_fix": "Quick fix", "structural": "Structural"}
_DECISIONS = {"do": "Decided: do it", "defer": "Decided: later", "not_worth_it": "Decided: not worth it"}


# Column, name, digits, and what a score counts.
_LEVELS = (
    ("strategic_score", "Strategic", 0, "of 100"),
    ("problem_score", "Problem", 1, "of 100 customers"),
    ("battle_score", "Battle", 2, "a person-month"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """Hold one of the three scores; `width` is its bar, in percent."""

    name: str
    value: str
    unit: str
    width: float


@dataclass(frozen=True, slots=True)
class Priority:
    """Hold one pain point as it is shown; empty texts are left out of the page."""

    rank: int
    title: str
    place: str
    kind: str
    trend: str
    in_hand: str
    decision: str
    reason: str
    facts: tuple[tuple[str, str, str], ...]
    levels: tuple[Level, ...]

    @property
    def sentence(self) -> str:
        """Say the scores in words."""
        return "; ".join(f"{level.name} {level.value} {level.unit}" for level in self.levels) + "."


@dataclass(frozen=True, slots=True)
class Battle:
    """Hold structural pain points that share a cause."""

    name: str
    reason: str
    size: str


def priorities(rows: Sequence[Row]) -> list[Priority]:
    """List the pain points in their order."""
    highest = {column: max((row[column] or 0 for row in rows), default=0) or 1 for column, *_ in _LEVELS}
    return [_priority(row, highest | {"strategic_score": 100}) for row in rows]


def _priority(row: Row, highest: Mapping[str, float]) -> Priority:
    where = words.named(row["touchpoint_name"]) if row["touchpoint_name"] else "The journey as a whole"
    theme = words.named(row["theme_name"]) if row["theme_name"] else "bad answers without a theme"
    return Priority(
        rank=row["priority_rank"],
        title=f"{where}: {theme}",
        place=words.named(row["journey_name"]) if row["journey_name"] else "Of no journey",
        kind=_KINDS.get(row["kind"] or "", ""),
        trend=row["trend"] or "cannot_tell",
        in_hand=_in_hand(row),
        decision=_DECISIONS.get(row["decision"] or "", ""),
        reason=words.harmless(row["reason"] or "", 700),
        facts=tuple(one for one in _facts(row) if one[1]),
        levels=_levels(row, highest),
    )


def _in_hand(row: Row) -> str:
    if not row["is_already_in_hand"]:
        return ""
    if row.get("quick_fix_team_id"):
        return "In hand: taken as a quick fix"
    name = words.named(row["initiative_name"], row["matched_initiative_id"])
    return f"In hand: {name}" if name else "In hand"


def _facts(row: Row) -> list[tuple[str, str, str]]:
    """Give what is known of it: what, how much, and what to bear in mind."""
    unknown, effort = row["unknown_value_count"] or 0, row["effort_person_months"]
    at_risk = words.money(row["value_at_risk"], row["currency"])
    return [
        ("Customers", words.number(row["customer_count"]), ""),
        ("Value a year", at_risk or "unknown", f"and {unknown:,} unknown" if at_risk and unknown else ""),
        (
            "Effort",
            "" if effort is None else f"{words.number(effort, 1)} person-months",
            "assumed" if row["effort_source"] == "default" else "",
        ),
        ("Benefit by cost", _ratio(row["benefit_per_cost"]), ""),
    ]


def _levels(row: Row, highest: Mapping[str, float]) -> tuple[Level, ...]:
    """Draw the three scores: the first against 100, the others against the highest on the page."""
    return tuple(
        Level(name, words.number(row[column], digits), unit, round(100 * row[column] / highest[column], 1))
        for column, name, digits, unit in _LEVELS
        if row[column] is not None
    )


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{words.number(value, 1)} to 1"


def battles(rows: Sequence[Row]) -> list[Battle]:
    """List the key battles in their order."""
    return [
        Battle(
            words.named(row["name"]),
            words.harmless(row["reason"] or "", 700),
            f"{words.counted(row['pain_point_count'], 'pain point')}, "
            f"{words.counted(row['customer_count'], 'customer')}, {row['in_hand_count']:,} in hand",
        )
        for row in rows
    ]
