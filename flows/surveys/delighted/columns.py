"""Rows of a table in the API's own shape: which column means what is found by its name.

No header row of the web application's CSV is documented. So names are compared without case, blanks and
punctuation with those that are likely, and `maps: {columns: {"My column": score}}` says it where they fail;
there `answer` makes a column the answer to a question of its own. What is not understood becomes a property.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from flows.configuration import Source
from flows.surveys.templates import map_of

_ALIASES = {
    "id": ("response_id", "survey_response_id", "id"),
    "survey_type": ("survey_type", "type", "metric"),
    "score": ("score", "rating", "nps_score"),
    "comment": ("comment", "comments", "feedback"),
    "created_at": ("created_at", "response_date", "responded_at", "date", "survey_response_created_at"),
    "updated_at": ("updated_at", "last_updated", "survey_response_updated_at"),
    "person.id": ("person_id", "customer_id"),
    "person.email": ("email", "person_email"),
    "person.name": ("name", "person_name"),
    "person.phone_number": ("phone_number", "phone", "person_phone_number"),
    "permalink": ("permalink", "url", "response_url"),
    "tags": ("tags",),
    "notes": ("notes",),
    # Loaders keep lists and objects of the API in one cell, as JSON.
    **{name: (name,) for name in ("person", "person_properties", "additional_answers")},
}
_NESTED = ("person", "person_properties", "additional_answers", "tags", "notes")
_FORMULA = re.compile("'[=+@-]")


class Columns:
    """Know what the columns of one file mean."""

    def __init__(self, header: Sequence[str], source: Source) -> None:
        """Take the columns' names and the source's own word on them."""
        told = {name: text for name, text in map_of(source, "columns").items() if text}
        by_name = {_plain(name): name for name in reversed(header)}
        self._targets: dict[str, str] = {name: target for name, target in told.items() if name in header}
        for target, aliases in _ALIASES.items():
            if target in self._targets.values():
                continue
            tails = ("", "_utc") if target.endswith("_at") else ("",)
            names = (by_name.get(alias + tail) for alias in aliases for tail in tails)
            if found := next((name for name in names if name and name not in self._targets), None):
                self._targets[found] = target
        self._is_utc = {name for name in header if _plain(name).endswith("_utc")}

    def item(self, cells: dict[str, str | None]) -> dict[str, Any]:
        """Give a row as the API would have given it; empty cells are left out."""
        item: dict[str, Any] = {"person": {}, "person_properties": {}, "additional_answers": []}
        for name, cell in cells.items():
            if cell is None or not cell.strip():
                continue
            text = cell[1:] if _FORMULA.match(cell) else cell  # what keeps spreadsheets from calculating
            target = self._targets.get(name)
            if target is None:
                item["person_properties"][name] = text
            elif target == "answer":
                question = {"id": name, "type": "free_response", "text": name}
                item["additional_answers"].append({"value": {"free_response": text}, "question": question})
            elif target.startswith("person."):
                item["person"][target.removeprefix("person.")] = text
            elif target in _NESTED:
                _put(item, target, text)
            else:
                item[target] = f"{text} UTC" if name in self._is_utc and "UTC" not in text else text
        return item


def _put(item: dict[str, Any], target: str, text: str) -> None:
    """Put what a cell holds, a list or an object in JSON or divided by commas, in its place."""
    try:
        value = json.loads(text)
    except ValueError:
        mark = "," if "," in text else ";"
        value = [one.strip() for one in text.split(mark)] if target in ("tags", "notes") else text
    if target == "person" and not isinstance(value, dict):
        value = {"id": text}
    known = item.get(target)
    if isinstance(known, dict) and isinstance(value, dict):
        known.update(value)
    elif isinstance(known, list) and isinstance(value, list):
        known.extend(value)
    elif target not in item:
        item[target] = value


def _plain(name: str) -> str:
    """Spell a name so that likely ones look alike: small letters, digits, single underscores."""
    return re.sub("[^a-z0-9]+", "_", name.strip().lower()).strip("_")
