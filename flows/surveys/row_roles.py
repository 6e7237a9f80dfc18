"""Which part each column of a file plays: field of the envelope, property, contact detail, or answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.configuration import Source
from flows.surveys.templates import map_of, template_of, translated

# Columns of these names hold contact details whatever the configuration says.
CONTACT_NAMES = ("email", "e-mail", "mail", "phone", "mobile", "tel", "name", "first_name", "last_name")
_FEEDS_CONTACT = ("email", "phone", "customer_name")
ENVELOPE = (
    *("survey_id", "response_id", "submitted_at", "customer_id", "account_id", "email", "language"),
    *("channel", "audience", "weight", "phone", "customer_name", "segment", "persona"),
)
# A column of the field's own name fills it when nothing is configured. Not `weight` and not `response_id`:
# a parcel's weight would distort every score, and without an id the row itself is the id.
OWN_NAMES = (
    *("survey_id", "submitted_at", "customer_id", "account_id", "email", "language", "channel", "audience"),
)
PARTS = ("fields", "properties", "contacts", "answers")


@dataclass(frozen=True, slots=True)
class Roles:
    """Hold a file's columns by their part, each part in the order of the names, and the columns' maps."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    maps: dict[str, dict[str, str]]

    def arrange(self, cells: dict[str, str | None]) -> dict[str, dict[str, str]]:
        """Order a row by role; empty cells are left out, as a new column would else make new versions."""
        row = {
            part: {name: text for name in names if (text := cells[name]) and not text.isspace()}
            for part, names in self.parts
        }
        for name, table in self.maps.items():
            for part in ("properties", "answers"):
                if name in row[part]:
                    row[part][name] = translated(row[part][name], table)
        return row


def with_own_names(source: Source, columns: Iterable[str] | None, fields: Iterable[str]) -> Source:
    """Let columns of a field's own name fill what is not configured; None stands for any columns."""
    known = set(fields) if columns is None else set(columns)
    unset = [field for field in fields if getattr(source, field) is None and field in known]
    return source.model_copy(update={field: f"{{{field}}}" for field in unset})


def names_in(source: Source, fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give the columns that each configured field names."""
    found = {field: template_of(source, field) for field in fields}
    return {field: template.names for field, template in found.items() if template}


def roles_of(source: Source, columns: Iterable[str]) -> Roles:
    """Give each of a file's columns its part; a contact detail is one whatever else it is used for."""
    named = names_in(source, ENVELOPE)
    fields = {name for names in named.values() for name in names}
    feeds = {name for field in _FEEDS_CONTACT for name in named.get(field, ())}
    properties = {name.strip() for name in source.properties}
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    for name in sorted(columns):
        if name in feeds or name.casefold() in CONTACT_NAMES:
            parts["contacts"].append(name)
        elif name in properties:
            parts["properties"].append(name)
        else:
            parts["fields" if name in fields else "answers"].append(name)
    tables = {name: dict(map_of(source, name)) for name in (*parts["properties"], *parts["answers"])}
    by_part = tuple((part, tuple(names)) for part, names in parts.items())
    return Roles(by_part, {name: table for name, table in tables.items() if table})
