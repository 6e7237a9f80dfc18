"""What a cell of a programme table may say, and the one spelling it is kept in.

Every type takes the text a person (or Excel) wrote and gives the canonical text: `WAHR` is `true`, `0,5` is
`0.5`, `9:00` is `09:00`, `01.05.2026` is `2026-05-01`. A wrong cell raises an error that carries its mend.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

RESERVED = ("all", "none", "*")
_TRUE = {"true", "wahr", "vrai", "verdadero", "vero", "waar"}
_FALSE = {"false", "falsch", "faux", "falso", "onwaar"}


def wrong(message: str, mend: str = "") -> PydanticCustomError:
    """Make the error that becomes a fault; braces of the cell itself are kept as they are."""
    return PydanticCustomError("cell", "{message}", {"message": message, "mend": mend})


def nearest(value: str, known: Iterable[str]) -> str:
    """Give 'Did you mean ...?' with the known value most like this one, or nothing."""
    by_case = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(value.casefold(), by_case, n=1, cutoff=0.5)
    return f"Did you mean '{by_case[near[0]]}'?" if near else ""


def cell(check: Callable[[str], str], *, needed: bool = False) -> BeforeValidator:
    """Make a validator of a check over non-empty text; empty is None, or a fault where needed."""

    def validated(value: str | None) -> str | None:
        if value is None:
            if needed:
                raise wrong("the cell is empty.", "Fill it in; every row needs it.")
            return None
        return check(value)

    return BeforeValidator(validated)


def one_of(*words: str, any_too: bool = False, needed: bool = False) -> BeforeValidator:
    """Make a validator that takes one of these words in any case; `*` as well where it means any."""

    def check(value: str) -> str:
        if value.casefold() in words or (any_too and value == "*"):
            return value.casefold()
        mend = nearest(value, words)
        raise wrong(f"'{value}' is not known here.", mend or f"Known are {', '.join(words)}.")

    return cell(check, needed=needed)


def number(
    low: float | None = None,
    high: float | None = None,
    *,
    whole: bool = False,
    above: float | None = None,
    needed: bool = False,
) -> BeforeValidator:
    """Make a validator for numbers, with a decimal point or Excel's decimal comma, within limits."""

    def check(value: str) -> str:
        if re.fullmatch(r"[+-]?[0-9]{1,3}([,.'\s][0-9]{3}){2,}|[+-]?[1-9][0-9]{0,2},[0-9]{3}", value):
            raise wrong(f"'{value}' may be read in two ways.", "Write it without separators of thousands.")
        text = value.replace(",", ".") if value.count(",") == 1 and "." not in value else value
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
            raise wrong(f"'{value}' is not a number.", "Write digits, like 2 or 0.5.")
        size = float(text)
        if whole and size != int(size):
            raise wrong(f"'{value}' is not a whole number.", "Write digits only, like 2.")
        if (low is not None and size < low) or (high is not None and size > high):
            raise wrong(f"{value} lies outside the range.", f"Write a number {_limits(low, high)}.")
        if above is not None and size <= above:
            raise wrong(f"{value} is too small.", f"Write a number above {above:g}.")
        return str(int(size)) if size == int(size) else text.lstrip("+")

    return cell(check, needed=needed)


def _limits(low: float | None, high: float | None) -> str:
    if low is None:
        return f"of at most {high:g}"
    return f"of at least {low:g}" if high is None else f"from {low:g} to {high:g}"


def _plain(value: str) -> str:
    return value


def _identifier(value: str) -> str:
    if value.casefold() in RESERVED:
        raise wrong(f"'{value}' has a meaning of its own and cannot be an id.", "Choose another id.")
    return value


def _flag(value: str) -> str:
    if value.casefold() in _TRUE:
        return "true"
    if value.casefold() in _FALSE:
        return "false"
    raise wrong(f"'{value}' is neither yes nor no.", "Write true or false.")


def _day(value: str) -> str:
    dotted = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", value)
    text = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}" if dotted else value
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise wrong(f"'{value}' is not a date.", "Write year-month-day, like 2026-05-04.") from None


def _time(value: str) -> str:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(:00(\.0+)?)?", value)
    hour, minute = (int(found[1]), int(found[2])) if found else (99, 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise wrong(
            f"'{value}' is not a time of day.", "Write hours and minutes, like 09:00 (24:00 ends a day)."
        )
    return f"{hour:02}:{minute:02}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    try:
        if value not in _zones():
            raise ValueError
        return ZoneInfo(value).key
    except (ValueError, OSError):
        mend = nearest(value, _zones()) or "Write it like Europe/Amsterdam."
        raise wrong(f"'{value}' is no time zone of the tz database.", mend) from None


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+", value) or ".." in value:
        raise wrong(f"'{value}' is not an e-mail address.", "Write one address, like owner@example.com.")
    return value


def _language(value: str) -> str:
    if value != "*" and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", value):
        raise wrong(f"'{value}' is not a language tag.", "Write it like en, pt-BR or zh-Hans.")
    return value


def _address(value: str) -> str:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", value):
        raise wrong(f"'{value}' is not an address with a scheme.", "Write it like https://… or mailto://….")
    return value


def _pairs(value: str) -> str:
    for part in filter(str.strip, value.split(";")):
        name, equals, content = part.partition("=")
        if not equals or not name.strip() or not content.strip():
            raise wrong(
                f"'{part.strip()}' is not a property.", "Write name=value, several with ; between them."
            )
    return value


Text = Annotated[str | None, cell(_plain)]
Needed = Annotated[str | None, cell(_plain, needed=True)]
Id = Annotated[str | None, cell(_identifier, needed=True)]
Flag = Annotated[str | None, cell(_flag)]
Day = Annotated[str | None, cell(_day)]
NeededDay = Annotated[str | None, cell(_day, needed=True)]
NeededTime = Annotated[str | None, cell(_time, needed=True)]
Zone = Annotated[str | None, cell(_zone)]
Email = Annotated[str | None, cell(_email)]
Language = Annotated[str | None, cell(_language)]
Address = Annotated[str | None, cell(_address)]
Pairs = Annotated[str | None, cell(_pairs)]
Number = Annotated[str | None, number()]
Amount = Annotated[str | None, number(0)]
Whole = Annotated[str | None, number(whole=True)]
NeededPosition = Annotated[str | None, number(whole=True, needed=True)]
Share = Annotated[str | None, number(0, 1)]
Weekday = Annotated[str | None, number(1, 7, whole=True)]
NeededWeekday = Annotated[str | None, number(1, 7, whole=True, needed=True)]
Hours = Annotated[str | None, number(above=0)]
