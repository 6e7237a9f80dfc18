"""What the configuration's templates make of a record: `{hidden.customer}`, `2018-05-{INTDATE}`, `kiosk`.

A record is handed over as a lookup: a function from a name as it stands in braces (without the blanks around
it) to the value there, None where there is none. For a row that is `row.get`, for a nested item
`partial(member, item)`.
`envelope.py` fills all fields of a response this way; where records are many, by a finder: it makes of
each name, once, a function from a record to the value there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flows.configuration import Source
from flows.records import SourceError

Lookup = Callable[[str], object]
Finder = Callable[[str], Callable[[Any], object]]
Values = Callable[[str], Sequence[object]]
# From a record to a value, and from a value that is there to its text: two steps, as most values are missing.
Way = tuple[Callable[[Any], object], Callable[[object], str | None]]

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?")


class Unfit(ValueError):
    """Say why one record cannot be used; it is set aside with this reason, and the others go on.

    The reason holds nothing of the record itself, as reasons are published and records may name people.
    """


@dataclass(frozen=True, slots=True)
class Template:
    """Hold one template, taken apart: `parts` are plain texts and, at the odd places, names to look up."""

    parts: tuple[str, ...]
    by_name: Mapping[str, Mapping[str, str]]
    whole: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names it looks up, in order."""
        return self.parts[1::2]

    @property
    def _is_one_name(self) -> bool:
        return len(self.parts) == 3 and not self.parts[0] and not self.parts[2]

    def over(self, finder: Finder) -> Way:
        """Make the way to its text from a record in which the finder finds the names."""
        finds = {name: finder(name) for name in self.names}
        if not self._is_one_name or self.by_name or self.whole:
            return (lambda record: self(lambda name: finds[name](record))), text_of
        [find] = finds.values()
        return find, text_of

    def down(self, values: Values, count: int) -> list[str | None]:
        """Fill it in for so many records."""
        if self._is_one_name and not self.by_name and not self.whole:
            return texts_of(values(self.parts[1]))
        columns = {name: values(name) for name in self.names}
        rows = zip(*columns.values(), strict=True) if columns else [()] * count
        return [self(dict(zip(columns, row, strict=True)).get) for row in rows]

    def __call__(self, lookup: Lookup) -> str | None:
        """Fill it in; None where a member is missing, blank, or a list or object."""
        if self._is_one_name:  # most are, and many times
            text = text_of(lookup(self.parts[1]))
            if text is None or not (self.by_name or self.whole):
                return text
            return translated(translated(text, self.by_name.get(self.parts[1])), self.whole) or None
        filled = []
        for place, part in enumerate(self.parts):
            if place % 2 == 0:
                filled.append(part)
                continue
            text = text_of(lookup(part))
            if text is None:
                return None
            filled.append(translated(text, self.by_name.get(part)))
        value = "".join(filled).strip()
        return translated(value, self.whole) or None


def template_of(source: Source, field: str) -> Template | None:
    """Make the template of a source's field, its maps included; None where it is not configured.

    A map is named by a column or member, or by the field it fills; raises SourceError for a lone brace.
    """
    text = getattr(source, field)
    return None if text is None else template(text, source, field)


def template(text: str, source: Source, field: str) -> Template:
    """Take a template for a field apart; raises SourceError when a brace has no partner."""
    pieces = re.split(r"\{([^{}]*)\}", text)
    if any(brace in piece for piece in pieces[::2] for brace in "{}") or not all(
        map(str.strip, pieces[1::2])
    ):
        raise SourceError(
            f"source '{source.name}': {field} is '{text}', where a brace has no partner or no name. "
            'Write names in pairs of braces, like "{hidden.customer}".'
        )
    parts = tuple(piece.strip() if place % 2 else piece for place, piece in enumerate(pieces))
    by_name = {name: table for name in parts[1::2] if (table := map_of(source, name))}
    # A map that was meant for the column has done its work there.
    whole = {} if field in by_name else map_of(source, field)
    return Template(parts, by_name, whole)


def map_of(source: Source, name: str) -> Mapping[str, str]:
    """Give the configured translation of a column, member or field; empty where there is none."""
    found = next((table for key, table in source.maps.items() if key.strip() == name), {})
    return {_key(key): value.strip() for key, value in found.items()}


def translated(text: str, table: Mapping[str, str] | None) -> str:
    """Translate a text; one that the table does not name stays as it is."""
    return table.get(_key(text), text) if table else text


def text_of(value: object) -> str | None:
    """Write a plain value as text without blanks around it; None for what is missing, blank or nested."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else None


def texts_of(values: Sequence[object]) -> list[str | None]:
    """Write many values as `text_of` writes one."""
    if values.count(None) == len(values):  # most names are only looked for
        return [None] * len(values)
    return [value.strip() or None if type(value) is str else text_of(value) for value in values]


def member(item: object, name: str) -> object:
    """Look a dotted name up in nested objects; None where it leads nowhere."""
    for step in steps(name):
        if not isinstance(item, dict):
            return None
        item = item.get(step)
    return item


def finder_of_members(name: str) -> Callable[[Any], object]:
    """Find a dotted name in nested objects: the finder of tools whose records need no other."""
    return lambda item: member(item, name)


@lru_cache(maxsize=1024)
def steps(name: str) -> tuple[str, ...]:
    """Split a dotted name."""
    return tuple(name.split("."))


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """Spell a key so that equal ones look equal: trimmed, numbers in one way of writing them."""
    text = text.strip()
    return f"{Decimal(text.replace(',', '.')).normalize():f}" if _NUMBER.fullmatch(text) else text
