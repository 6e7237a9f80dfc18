"""The calendar of Persian readers: Gregorian dates as Solar Hijri ones, which Babel does not know.

Years of 365 or 366 days in a cycle of 33, as ICU reckons them (right for 1799 to 2255).
"""

from __future__ import annotations

from datetime import date

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_EPOCH = date(622, 3, 21).toordinal()  # 1 Farvardin of the year 1, in the proleptic Gregorian calendar


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Give year, month and day of month in the Solar Hijri calendar."""
    since = day.toordinal() - _EPOCH
    year = 1 + (33 * since + 3) // 12053
    of_year = since - _begins(year)
    month = of_year // 31 if of_year < 216 else (of_year - 6) // 30
    first = month * 31 if month < 7 else month * 30 + 6
    return year, month + 1, of_year - first + 1


def _begins(year: int) -> int:
    """Count the days before a year."""
    return 365 * (year - 1) + (8 * year + 21) // 33
