"""What a customer said, as a letter shows it: scores, comments, and what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale

from flows.mail.cleaning import body_text, isolated, one_line
from flows.mail.languages import Translate
from flows.mail.words import class_name, day_in_words, metric_name, moment, number

LONGEST_COMMENT = 2000
LONGEST_BEFORE = 200
MOST_BEFORE = 3
_TONES = {"detractor": "bad", "bottom": "bad", "passive": "fair", "middle": "fair"}


@dataclass(frozen=True, slots=True)
class Score:
    """Show one score: `NPS`, `2`, `0`, `10`, `detractor`, the question, a tone for the colour."""

    metric: str
    value: str
    low: str
    high: str
    class_name: str
    tone: str
    question: str
    position: float


@dataclass(frozen=True, slots=True)
class Comment:
    """Show one comment, cut after 2,000 characters; `length` is then its full length, else 0."""

    text: str
    language: str
    length: int
    shown_length: str
    full_length: str

    @property
    def lines(self) -> str:
        """Give the comment for plain text: each line's direction ends with the line."""
        return isolated(self.text)


@dataclass(frozen=True, slots=True)
class Before:
    """Show one earlier answer of the same customer: when, where, how bad, what was said (shortened)."""

    day: str
    place: str
    score: str
    text: str


def scores(answers: Iterable[dict[str, Any]], locale: Locale, _: Translate) -> Iterator[Score]:
    """Give the scores of answers that have a value."""
    for answer in answers:
        value = answer.get("value")
        if value is None:
            continue
        low, high = float(answer.get("scale_min") or 0), float(answer.get("scale_max") or 0)
        yield Score(
            metric=one_line(metric_name(answer.get("metric") or "", _)),
            value=number(value, locale),
            low=number(low, locale),
            high=number(high, locale),
            class_name=class_name(answer.get("score_class"), _),
            tone=_TONES.get(answer.get("score_class") or "", "good"),
            question=one_line(answer.get("question_text") or ""),
            position=(float(value) - low) / (high - low) if high > low else 0.0,
        )


def comments(given: Iterable[dict[str, Any]], locale: Locale) -> Iterator[Comment]:
    """Give the comments that say anything."""
    for one in given:
        text = body_text(one.get("text") or "").strip("\n")
        if not text.strip():
            continue
        length = len(text) if len(text) > LONGEST_COMMENT else 0
        yield Comment(
            text[:LONGEST_COMMENT],
            one_line(one.get("language") or ""),
            length,
            number(LONGEST_COMMENT, locale),
            number(length, locale),
        )


def before(
    earlier: Iterable[dict[str, Any]], day: Callable[[datetime], date], locale: Locale, _: Translate
) -> Iterator[Before]:
    """Give the newest earlier answers (facts); `day` turns an instant into the reader's day."""
    for one in list(earlier)[:MOST_BEFORE]:
        at = moment(one.get("submitted_at"))
        told = (
            f"{score.metric} {score.value} " + _("of %(high)s") % {"high": score.high}
            for score in scores(one.get("answers") or [], locale, _)
        )
        place = one.get("touchpoint_name") or one.get("touchpoint_id")
        yield Before(
            day=day_in_words(day(at), locale) if at else "",
            place=one_line("" if place in (None, "none", "all") else place),
            score=", ".join(told),
            text=one_line(" ".join(c.get("text") or "" for c in one.get("comments") or []), LONGEST_BEFORE),
        )
