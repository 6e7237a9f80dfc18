"""Words in the reader's language: dates, numbers, and the names of metrics, score classes and tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_timezone_location
from babel.numbers import format_decimal, format_percent

from flows.mail.languages import Translate
from flows.mail.solar_hijri import MONTHS, solar_hijri

_PERSIAN_DIGITS = str.maketrans("0123456789.,%", "۰۱۲۳۴۵۶۷۸۹٫٬٪")


def moment(value: Any) -> datetime | None:
    """Read a time as marts and JSON carry it (naive means UTC); None stays None."""
    if value is None or value == "":
        return None
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def in_full(time: datetime, zone: str, locale: Locale) -> str:
    """Write day and time in a zone and language, with the city whose clock is meant."""
    return f"{_day_and_time(time, zone, locale, 'full')} ({zone_name(zone, locale)})"


def in_short(time: datetime, zone: str, locale: Locale) -> str:
    """Write day and time briefly, without the zone's name."""
    return _day_and_time(time, zone, locale, "medium")


def day_in_words(day: date, locale: Locale, length: Any = "medium") -> str:
    """Write a day; for Persian readers of Iran in their own calendar."""
    if locale.language != "fa" or locale.territory == "AF":
        return format_date(day, length, locale=locale)
    year, month, of_month = solar_hijri(day)
    written = f"{of_month} {MONTHS[month - 1]} {year}"
    weekday = get_day_names("wide", locale=locale)[day.weekday()]
    return _digits(f"{weekday} {written}" if length == "full" else written, locale)


def day_and_month(day: date, locale: Locale) -> str:
    """Write a day of this year, without the year."""
    if locale.language != "fa" or locale.territory == "AF":
        return format_skeleton("MMMd", day, locale=locale)
    _, month, of_month = solar_hijri(day)
    return _digits(f"{of_month} {MONTHS[month - 1]}", locale)


def zone_name(zone: str, locale: Locale) -> str:
    """Name a time zone by the city whose clock it is, in the reader's language."""
    return get_timezone_location(zone, locale=locale, return_city=True)


def number(value: float, locale: Locale) -> str:
    """Write a number of a scale: no needless decimals."""
    return _digits(format_decimal(round(float(value), 4), locale=locale), locale)


def points(value: float, locale: Locale) -> str:
    """Write a score of points, rounded."""
    return _digits(format_decimal(round(value), locale=locale), locale)


def share(value: float, locale: Locale) -> str:
    """Write a share of 0..1 in percent, rounded."""
    return _digits(format_percent(value, locale=locale), locale)


def metric_name(metric: str, _: Translate) -> str:
    """Name a metric as a manager would."""
    names = {"nps": "NPS", "enps": "eNPS", "csat": _("Satisfaction"), "ces": _("Ease"), "rating": _("Rating")}
    return names.get(metric, metric)


def class_name(score_class: str | None, _: Translate) -> str:
    """Name a score class as a manager would."""
    names = {
        "promoter": _("promoter"),
        "passive": _("passive"),
        "detractor": _("detractor"),
        "top": _("good"),
        "middle": _("middling"),
        "bottom": _("bad"),
    }
    return names.get(score_class or "", "")


def task_name(kind: str | None, _: Translate) -> str:
    """Say what a follow-up of this kind asks for."""
    names = {
        "recover": _("Make it right"),
        "learn": _("Find out why"),
        "thank": _("Say thank you"),
        "advocate": _("Ask for a recommendation"),
        "answer": _("Answer the question"),
    }
    return names.get(kind or "", _("Get in touch"))


def _day_and_time(time: datetime, zone: str, locale: Locale, length: Any) -> str:
    local = time.astimezone(ZoneInfo(zone))
    clock = _digits(format_time(local, "short", locale=locale), locale)
    comma = "،" if locale.language == "fa" else ","
    return f"{day_in_words(local.date(), locale, length)}{comma} {clock}"


def _digits(text: str, locale: Locale) -> str:
    """Write the digits of Persian: Babel writes European ones in every language."""
    return text.translate(_PERSIAN_DIGITS) if locale.language == "fa" else text
