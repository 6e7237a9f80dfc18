"""How the page says things: numbers, days, the words of the marts, and texts from outside made harmless."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

METRICS = {
    "nps": "NPS",
    "enps": "eNPS",
    "csat": "Satisfied (CSAT)",
    "ces": "Found it easy (CES)",
    "rating": "Rated it high",
}
KINDS = {"relational": "asked of the whole", "transactional": "asked after the fact"}
QUADRANTS = {
    "concentrate_here": "Concentrate here",
    "keep_up": "Keep it up",
    "low_priority": "Matters less",
    "possible_overkill": "More than it needs",
}
TRENDS = {"rising": "rising", "falling": "falling", "steady": "steady", "cannot_tell": "trend cannot be told"}
REASONS_WITHHELD = {
    "too_old": "too old when they came in",
    "not_allowed": "may not be contacted",
    "recently_contacted": "heard from us recently",
    "joined": "part of an open follow-up",
    "capped": "waits for a free hand",
}
GOALS = {"met": "Reached", "on_track": "Within reach", "missed": "Missed", "cannot_tell": "Cannot tell"}
GOAL_REASONS = {
    "surely_reached": "the whole interval lies at or above the target",
    "within_reach": "the interval holds the target",
    "surely_below": "the day is over and the whole interval lies below",
    "surely_below_yet": "below the target, with time left",
    "too_close_to_tell": "the day is over and the interval holds the target",
    "too_few_answers": "too few answers",
    "no_answers": "no answers yet",
    "no_target": "no target is set",
}
HOLDING = "\u00a0"  # a blank that no line ends at
_ADDRESS = re.compile(r"[^\s<>@,;:()\"']+@[^\s<>@,;:()\"']+")
_BLANK = ("Cc", "Zl", "Zp", "Zs")
# Characters that turn the reading direction, in a text that is read beside others.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: Any, longest: int = 400) -> str:
    """Make a text from outside one line without controls, direction marks and e-mail addresses; cut with `…`.

    Markup in it is escaped by the template, not here.
    """
    whole = _TURNING.sub("", str(text).encode("utf-8", "replace").decode("utf-8"))
    spaced = "".join(" " if unicodedata.category(one) in _BLANK else one for one in whole)
    line = _ADDRESS.sub("[address]", " ".join(spaced.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def named(name: Any, identifier: Any = None) -> str:
    """Give a name as people read it, else the identifier in words."""
    return harmless(name) if name else harmless(identifier or "").replace("_", " ")


def plain(word: Any) -> str:
    """Write a word of the marts as English: `cannot_tell` is `cannot tell`."""
    return harmless(word).replace("_", " ")


def number(value: float, digits: int = 0) -> str:
    """Write a number with thousands and a true minus."""
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.replace("-", "")


def money(value: float | None, currency: str | None) -> str:
    """Write an amount in whole units of its currency; empty where it is unknown."""
    return "" if value is None else f"{number(value)} {harmless(currency or '', 8)}".strip()


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(written: str) -> str:
    """Put the sign after a number so that no line ends between them."""
    return f"{written}{HOLDING}%"


def share(value: float | None) -> str:
    """Write a share as a percentage; a dash where there is none."""
    return "–" if value is None else percent(number(100 * value))


def chance(q: float) -> str:
    """Write how likely a change is by chance, as a q value."""
    told = "q < 0.001" if q < 0.001 else f"q = {q:.3f}" if q < 0.1 else f"q = {q:.2f}"
    return told.replace(" ", HOLDING)


def hours(value: float | None) -> str:
    """Write a time span in hours, from two days on in days; a dash where there is none."""
    if value is None:
        return "–"
    return f"{number(value, 0 if value >= 10 else 1)} h" if value < 48 else f"{number(value / 24, 1)} days"


def day(value: date) -> str:
    """Write a day."""
    return f"{value.day} {value:%B %Y}"


def month(value: date) -> str:
    """Write a month."""
    return f"{value:%B %Y}"


def moment(value: datetime | None, zone: str) -> str:
    """Write a moment in a zone; `never` where there is none."""
    if value is None:
        return "never"
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M}"
