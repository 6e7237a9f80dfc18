"""Trends as a digest shows them: a picture, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flows.mail.charts import Point, trend
from flows.mail.cleaning import one_line
from flows.mail.message import Image
from flows.mail.views import Reader
from flows.mail.words import metric_name, number, points, share

Row = dict[str, Any]
_POINTS = ("nps", "enps")


@dataclass(frozen=True, slots=True)
class Chart:
    """Show one picture: its name in the letter, and what it says in words."""

    name: str
    alt: str
    image: Image = field(repr=False)


def charts_of(trends: Sequence[Row], last: date, weeks: int, reader: Reader) -> Iterator[Chart]:
    """Draw each trend (rows of one place and metric together) over the weeks that end with the newest."""

    def series(one: Row) -> tuple[str, str, str]:
        return one["touchpoint_id"], one["metric"], one["survey_kind"]

    newest = max((one["period_start"] for one in trends), default=last)
    for place, (key, rows) in enumerate(groupby(trends, series)):
        yield _chart(f"trend{place + 1}", list(rows), key[1], newest, weeks, reader)


def _chart(name: str, rows: Sequence[Row], metric: str, newest: date, weeks: int, reader: Reader) -> Chart:
    begins = newest - timedelta(weeks=weeks - 1)
    drawn = [
        Point((one["period_start"] - begins).days // 7, one["score"], one["score_low"], one["score_high"])
        for one in rows
    ]
    lowest, highest = (-100.0, 100.0) if metric in _POINTS else (0.0, 1.0)
    span = (rows[-1]["period_start"] - rows[0]["period_start"]).days // 7
    alt = reader.words.ngettext(
        "%(place)s, %(metric)s: %(last)s, after %(first)s %(count)s week earlier",
        "%(place)s, %(metric)s: %(last)s, after %(first)s %(count)s weeks earlier",
        span,
    ) % {
        "place": one_line(rows[0]["place"] or ""),
        "metric": one_line(metric_name(metric, reader.words.gettext)),
        "last": score_in_words(rows[-1]["score"], metric, reader),
        "first": score_in_words(rows[0]["score"], metric, reader),
        "count": number(span, reader.locale),
    }
    return Chart(name, alt, Image(name, trend(drawn, weeks, lowest, highest), alt))


def score_in_words(score: float, metric: str, reader: Reader) -> str:
    """Write a score of -100..100 as points, one of 0..1 as a share."""
    return points(score, reader.locale) if metric in _POINTS else share(score, reader.locale)
