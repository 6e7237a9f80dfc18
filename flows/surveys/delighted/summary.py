"""What was found in saved files, in a sentence that somebody can compare with their last report.

Histories that loaders made are known to have holes, so months without an answer are named.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flows.configuration import Source
from flows.records import Response
from flows.surveys.delighted.saved import Saved
from flows.surveys.templates import text_of

_SHOWN = 6


class Summary:
    """Count the responses of one project while they are read."""

    def __init__(self, source: Source) -> None:
        """Begin with none."""
        self._source = source
        self._kinds: dict[str, list[float]] = {}
        self._years: dict[int, list[float]] = {}
        self._months: Counter[tuple[int, int]] = Counter()
        self._unknown: dict[str, None] = {}
        self._first: datetime | None = None
        self._last: datetime | None = None

    def count(self, response: Response, saved: Saved) -> None:
        """Count one response; `saved` is what it was made of."""
        item = saved.item or {}
        score = _number(item.get("score"))
        if score is not None:
            self._kinds.setdefault(response.survey_id, []).append(score)
        if at := response.submitted_at:
            self._first, self._last = min(self._first or at, at), max(self._last or at, at)
            self._months[at.year, at.month] += 1
            if score is not None and (text_of(item.get("survey_type")) or "").lower() == "nps":
                self._years.setdefault(at.year, []).append(score)
        if saved.is_row:
            self._unknown.update(dict.fromkeys(item.get("person_properties", ())))

    def sentences(self, files: int) -> list[str]:
        """Say it; nothing where there was no response."""
        if not self._first or not self._last:
            return []
        kinds = [
            f"{kind} {len(scores):,} (scores {min(scores):g} to {max(scores):g})"
            for kind, scores in sorted(self._kinds.items())
        ]
        years = [f"{year} {_nps(scores):+.1f}" for year, scores in sorted(self._years.items())]
        said = (
            f"source '{self._source.name}': {self._months.total():,} responses in {files} files, "
            f"{self._first:%Y-%m-%d} to {self._last:%Y-%m-%d}: {', '.join(kinds)}."
        )
        if years:
            said += f" NPS by year: {', '.join(years)}."
        if empty := self._empty_months():
            said += f" Without any response: {_listed(empty)}."
        if self._unknown:
            said += f" Kept as properties, as nobody says what they mean: {_listed(list(self._unknown))}."
        return [said]

    def _empty_months(self) -> list[str]:
        months = {year * 12 + month - 1 for year, month in self._months}
        return [
            f"{number // 12}-{number % 12 + 1:02}"
            for number in range(min(months), max(months))
            if number not in months
        ]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(name[:60] for name in names[:_SHOWN]) + more


def _nps(scores: list[float]) -> float:
    return 100 * sum((score >= 9) - (score <= 6) for score in scores) / len(scores)


def _number(value: object) -> float | None:
    try:
        return float(text_of(value) or "")
    except ValueError:
        return None
