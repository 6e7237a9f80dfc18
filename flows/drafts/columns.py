"""What one column of a file of answers looks like, before anybody says what it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flows.drafts.hints import hints_at

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{5,}")
_TAG = re.compile(r"[A-Za-z]{2}([-_][A-Za-z]{2,4})?")


@dataclass
class Column:
    """Hold a column's name, its non-empty values and the number of rows looked at."""

    name: str
    values: Sequence[str]
    row_count: int

    def hints(self, kind: str) -> bool:
        """Tell whether the name speaks of a kind of thing, in any of the known languages."""
        return hints_at(self.name, kind)

    def share(self, pattern: re.Pattern[str]) -> float:
        """Give the share of values (0..1) that a pattern describes wholly."""
        return sum(bool(pattern.fullmatch(value)) for value in self.values) / max(1, len(self.values))

    @cached_property
    def distinct(self) -> set[str]:
        """Give the different values."""
        return set(self.values)

    @cached_property
    def whole_numbers(self) -> set[int] | None:
        """Give the different values as whole numbers (5.0 too); None where one is anything else."""
        if not self.values or not all(
            re.fullmatch(r"-?[0-9]{1,9}([.,]0+)?", value) for value in self.distinct
        ):
            return None
        return {int(float(value.replace(",", "."))) for value in self.distinct}

    @property
    def is_key(self) -> bool:
        """Tell whether every row has a value of its own here."""
        return len(self.values) == self.row_count == len(self.distinct)

    @property
    def is_email(self) -> bool:
        """Tell whether nearly all values are e-mail addresses."""
        return bool(self.values) and self.share(_EMAIL) >= 0.9

    @property
    def is_phone(self) -> bool:
        """Tell whether the name speaks of telephones and the values look like numbers of such."""
        return self.hints("phone") and self.share(_PHONE) >= 0.8

    @property
    def is_language(self) -> bool:
        """Tell whether the name speaks of languages and the values are language tags."""
        return self.hints("language") and self.share(_TAG) >= 0.95

    @property
    def mean_length(self) -> float:
        """Give the mean number of characters of a value."""
        return sum(map(len, self.values)) / max(1, len(self.values))


def columns_of(rows: Sequence[dict[str, str | None]]) -> list[Column]:
    """Turn rows of text into columns, in the order of the first row, without blanks around."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [
        Column(name.strip(), [text for row in rows if (text := (row.get(name) or "").strip())], len(rows))
        for name in names
        if name and name.strip() and not set(name) & set("{}")
    ]
