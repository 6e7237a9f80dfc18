"""Which column of a file of answers plays which part: id, time, customer, score, comment.

Guesses for a person to check; what is not understood stays unmapped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.drafts.columns import Column
from flows.drafts.hints import is_word, words_of
from flows.drafts.times import is_clock, written_as

# Columns of these names go to the private contacts by themselves (see the contract of `tool: files`).
CONTACT_NAMES = ("email", "e-mail", "mail", "phone", "mobile", "tel", "name", "first_name", "last_name")
_TEN = re.compile(r"([0-9]|10)([.,]0+)?")
_WORDED = (("satisfied", "csat"), ("easy", "ces"), ("rated", "rating"))


@dataclass
class Roles:
    """Hold the guesses: templates of the source, columns kept as properties, a question per other column."""

    templates: dict[str, str] = field(default_factory=dict)
    time_format: str = ""
    newest: datetime | None = None
    properties: list[str] = field(default_factory=list)
    questions: list[dict[str, str]] = field(default_factory=list)


def guess(columns: Sequence[Column], now: datetime) -> Roles:
    """Guess the part of every column; what is not understood becomes a question of metric `none`."""
    roles = Roles()
    used = _time(columns, now, roles)
    for role, column in _single(columns, used).items():
        roles.templates[role] = f"{{{column.name}}}"
        used.add(column.name)
    for column in columns:
        if column.name in used or column.name.casefold() in CONTACT_NAMES:
            continue
        if _is_property(column):
            roles.properties.append(column.name)
        else:
            named = {"question_ref": column.name, "question_text": column.name}
            roles.questions.append({**named, **question_of(column)})
    return roles


def _is_property(column: Column) -> bool:
    """Tell whether a column names a group (a shop, a region); small numbers may well be an answer."""
    named = column.hints("property") and 1 <= len(column.distinct) <= 50 and column.mean_length <= 40
    return named and (column.whole_numbers is None or max(column.whole_numbers) > 10)


def _time(columns: Sequence[Column], now: datetime, roles: Roles) -> set[str]:
    """Find the time of the answer: named like one, with a time of day, the latest of several."""
    found = []
    for place, column in enumerate(columns):
        if len(column.values) >= 0.9 * column.row_count and (read := written_as(column.values, now)):
            written, newest = read
            has_clock = any(":" in value for value in column.values[:20])
            rank = (column.hints("time"), "submit" in column.name.casefold(), has_clock, newest, -place)
            found.append((rank, column, written, newest, has_clock))
    if not found:
        return set()
    _, column, written, newest, has_clock = max(found, key=lambda candidate: candidate[0])
    roles.templates["submitted_at"], roles.time_format, roles.newest = f"{{{column.name}}}", written, newest
    used = {column.name}
    clocks = [] if has_clock else [(other, form) for other in columns if (form := is_clock(other.values))]
    if clocks and len(clocks[0][0].values) == column.row_count:
        other, form = clocks[0]
        roles.templates["submitted_at"] += f" {{{other.name}}}"
        roles.time_format = f"{written or '%Y-%m-%d'} {form}"
        used.add(other.name)
    return used


def _single(columns: Sequence[Column], used: set[str]) -> dict[str, Column]:
    """Find the columns that fill one field each, in the order in which they are safest to tell."""
    free = [column for column in columns if column.name not in used and column.values]
    found: dict[str, Column] = {}

    def take(role: str, fits: list[Column]) -> None:
        left = [column for column in fits if all(column is not other for other in found.values())]
        if left:
            found[role] = left[0]

    take("email", [column for column in free if column.is_email])
    names = [column for column in free if not column.is_email and column.mean_length <= 60]
    ids = [column for column in names if _is_id(column)]
    take("account_id", [column for column in ids if column.hints("account")])
    take("customer_id", [column for column in ids if column.hints("customer")])
    keys = [column for column in names if column.is_key]
    take("response_id", [column for column in keys if column.hints("response")])
    if "response_id" not in found:
        take("response_id", [column for column in keys if _is_id(column)])
    if "customer_id" not in found and "email" in found:
        found["customer_id"] = found["email"]  # it is published as a keyed hash
    take("language", [column for column in free if column.is_language])
    take("channel", [column for column in free if column.hints("channel") and len(column.distinct) <= 50])
    return found


def _is_id(column: Column) -> bool:
    """Tell whether a name ends like that of an id, or is nothing but a word for those who have one."""
    text = words_of(column.name).strip("#. ")
    last = text.split(" ")[-1]
    if last in ("nr", "no", "key", "ref") or last.endswith(("id", "num", "number", "nummer")):
        return True
    return not text or (is_word(text, "customer") and not any(" " in value for value in column.values))


def question_of(column: Column) -> dict[str, str]:
    """Guess metric and scale of one column; `none` where nothing speaks for more."""
    if column.is_email:
        return {"metric": "contact_email"}
    if column.is_phone:
        return {"metric": "contact_phone"}
    numbers = column.whole_numbers
    if numbers is not None:
        return _score(column, numbers)
    if column.hints("name") and column.mean_length <= 40:
        return {"metric": "contact_name"}
    # Choices repeat themselves, people who write do not.
    written = len(column.distinct) > (1 if len(column.distinct) > 20 else max(1, 0.5 * len(column.values)))
    told = column.mean_length >= (4 if column.hints("comment") else 25)
    return {"metric": "comment"} if written and told else {"metric": "none"}


def _score(column: Column, numbers: set[int]) -> dict[str, str]:
    """Guess the metric of whole numbers: by the wording, and the scale by the highest number that occurs."""
    low, high = min(numbers), max(numbers)
    if column.hints("recommend") and column.share(_TEN) >= 0.9:
        return _scaled("nps", 0, 10)  # what is off the scale is set aside, answer by answer
    metric = next((metric for kind, metric in _WORDED if column.hints(kind)), "")
    if metric and low >= 0 and 7 < high <= 10:
        return _scaled(metric, min(low, 1), 10)
    plain = not column.hints("counted") and len(numbers) >= 3 and high in (5, 7)
    if low >= 1 and high <= 7 and (metric or plain):
        return _scaled(metric or "rating", 1, 5 if high <= 5 else 7)
    return {"metric": "none"}


def _scaled(metric: str, low: int, high: int) -> dict[str, str]:
    return {"metric": metric, "scale_min": str(low), "scale_max": str(high)}
