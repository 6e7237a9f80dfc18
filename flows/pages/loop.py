"""How the loop does: per team what was promised, kept and is late, and why customers were let down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.pages import words

Row = Mapping[str, Any]
Facts = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold one piece of a stacked bar, in percent of its length."""

    kind: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Team:
    """Hold a team: its deadlines of 90 days as a bar, and the figures of its newest month."""

    name: str
    promised: int
    kept: int
    missed: int
    waiting: int
    late: int
    contacted: int
    closed: int
    pieces: tuple[Piece, ...]
    sentence: str
    figures: tuple[tuple[str, str], ...]
    month: str


def teams(facts: Facts) -> list[Team]:
    """List the teams that had follow-ups, the busiest first."""
    return [_team(row) for row in facts["loop"]]


def total(listed: Sequence[Team]) -> dict[str, int]:
    """Add the teams up."""
    names = ("promised", "kept", "missed", "waiting", "late", "contacted", "closed")
    return {name: sum(getattr(team, name) for team in listed) for name in names}


def withheld(rows: Sequence[Row]) -> list[str]:
    """Say how many follow-ups do not go out, by reason."""
    said = words.REASONS_WITHHELD
    return [f"{row['count']:,} {said.get(row['reason'], words.plain(row['reason']))}" for row in rows]


def _team(row: Row) -> Team:
    promised, kept, missed = row["promised_count"], row["kept_count"], row["missed_count"]
    waiting = promised - kept - missed
    return Team(
        name="No team" if row["team_id"] == "none" else words.named(row["team_name"], row["team_id"]),
        promised=promised,
        kept=kept,
        missed=missed,
        waiting=waiting,
        late=row["late_count"],
        contacted=row["contacted_count"],
        closed=row["closed_count"],
        pieces=_pieces({"kept": kept, "missed": missed, "waiting": waiting}),
        sentence=_sentence(promised, kept, missed, waiting),
        figures=_figures(row),
        month=words.month(row["month"]) if row["month"] else "",
    )


def _sentence(promised: int, kept: int, missed: int, waiting: int) -> str:
    told = [f"{kept:,} of {words.counted(promised, 'deadline')} kept"]
    told += [f"{missed:,} missed"] if missed else []
    told += [f"{waiting:,} still open"] if waiting else []
    return ", ".join(told) + "."


def _figures(row: Row) -> tuple[tuple[str, str], ...]:
    if row["month"] is None:
        return ()
    return (
        ("Asked for a follow-up", words.number(row["feedback_count"])),
        ("Reached in 24 h", words.share(row["contacted_24h_share"])),
        ("Reached in 48 h", words.share(row["contacted_48h_share"])),
        ("Median to contact", words.hours(row["median_hours_to_contact"])),
    )


def _pieces(counts: Mapping[str, int]) -> tuple[Piece, ...]:
    whole, start, pieces = sum(counts.values()), 0.0, []
    for kind, count in counts.items():
        width = 100 * count / whole if whole else 0.0
        if count:
            pieces.append(Piece(kind, round(start, 2), round(width, 2)))
        start += width
    return tuple(pieces)
