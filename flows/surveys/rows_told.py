"""What a row of a file tells: a response, or a customer."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from flows.configuration import Source
from flows.records import Customer, Response
from flows.surveys.envelope import Envelope
from flows.surveys.occurrences import Occurrences
from flows.surveys.row_roles import OWN_NAMES, Roles, roles_of, with_own_names
from flows.surveys.tables import Cells
from flows.surveys.templates import Template, Unfit, template_of
from flows.surveys.told import hash_of_bytes

# The cells of a customer, by the field of the configuration that maps them.
CUSTOMER_FIELDS = {
    **{field: field for field in ("customer_id", "account_id")},
    "customer_name": "name",
    **{field: field for field in ("email", "phone", "segment", "persona", "audience", "annual_value")},
    **{field: field for field in ("currency", "language", "may_contact", "owner_id", "left_at")},
}
_ENCODE = msgspec.json.Encoder().encode
_NO_TEXT = "it holds half a character (a lone surrogate), which is no text"


class Answers:
    """Make responses of the rows of one file."""

    def __init__(self, source: Source, columns: tuple[str, ...] | None) -> None:
        """Take the columns of the file, None where every row names its own; raises SourceError."""
        self._source = with_own_names(source, columns, OWN_NAMES)
        self._envelope = Envelope(self._source)
        self._survey_id = template_of(self._source, "survey_id")
        self._response_id = template_of(self._source, "response_id")
        self._told = _told_besides(self._source)
        self._roles: dict[tuple[str, ...], Roles] = {}
        self._occurrences = Occurrences()

    @property
    def survey_id(self) -> str:
        """Give the survey of a row that cannot be read; empty where only the row could tell."""
        return (self._survey_id(lambda _: None) or "") if self._survey_id else self._source.name

    def names_of(self, cells: Cells) -> tuple[str, str | None]:
        """Give survey and id of a row, as far as it tells them."""
        survey_id = self._survey_id(cells.get) if self._survey_id else self._source.name
        return survey_id or "", self._response_id(cells.get) if self._response_id else None

    def record(self, cells: Cells) -> Response:
        """Make a response; raises Unfit."""
        survey_id, response_id = self.names_of(cells)
        if not survey_id:
            raise Unfit("it does not say which survey it belongs to (survey_id is empty)")
        row = self._arranged(cells)
        try:
            payload = _ENCODE(row)
        except UnicodeEncodeError:
            raise Unfit(_NO_TEXT) from None
        response_id = response_id or self._id_of(cells)
        fields = self._envelope.fill(cells.get)
        told = _ENCODE((survey_id, response_id, fields))
        content_hash = hash_of_bytes(told + payload)
        return Response(survey_id, response_id, payload, content_hash, **fields)

    def _id_of(self, cells: Cells) -> str:
        """Make the id of a row that has none: a hash of it, numbered where it stands there again."""
        if self._response_id is not None:
            raise Unfit("it has no id (response_id is empty)")
        filled = [(name, text) for name in sorted(cells) if (text := cells[name]) and not text.isspace()]
        digest = hashlib.sha256(_ENCODE(filled))
        number = self._occurrences.number(digest.digest())
        return digest.hexdigest()[:32] + (f"-{number}" if number > 1 else "")

    def _arranged(self, cells: Cells) -> dict[str, dict[str, str]]:
        columns = tuple(cells)
        roles = self._roles.get(columns)
        if roles is None:
            if len(self._roles) > 1000:
                self._roles.clear()
            roles = self._roles[columns] = roles_of(self._source, columns)
        row = roles.arrange(cells)
        for part, name, template in self._told:
            if (text := template(cells.get)) is not None:
                row[part][name] = text
        return row


def _told_besides(source: Source) -> list[tuple[str, str, Template]]:
    """Give what is configured and has no place in the envelope, with its part and name in the payload."""
    places = {
        "segment": ("properties", "segment"),
        "persona": ("properties", "persona"),
        "phone": ("contacts", "phone"),
        "customer_name": ("contacts", "name"),
    }
    found = {field: template_of(source, field) for field in places}
    return [(*places[field], template) for field, template in found.items() if template]


class People:
    """Make customers of the rows of one file."""

    def __init__(self, source: Source, columns: tuple[str, ...] | None) -> None:
        """Take the columns of the file, None where every row names its own; raises SourceError."""
        known = with_own_names(
            source, columns, [field for field in CUSTOMER_FIELDS if field != "customer_name"]
        )
        if known.customer_name is None and (columns is None or "name" in columns):
            known = known.model_copy(update={"customer_name": "{name}"})
        found = {cell: template_of(known, field) for field, cell in CUSTOMER_FIELDS.items()}
        self._templates = {cell: template for cell, template in found.items() if template}

    survey_id = ""

    def names_of(self, cells: Cells) -> tuple[str, None]:
        """Give survey and id of a response, which customers do not have."""
        return "", None

    def record(self, cells: Cells) -> Customer:
        """Make a customer; raises Unfit."""
        filled: dict[str, Any] = {
            cell: self._templates[cell](cells.get) if cell in self._templates else None
            for cell in CUSTOMER_FIELDS.values()
        }
        if filled["customer_id"] is None:
            raise Unfit("it has no customer_id")
        try:
            told = _ENCODE(filled)
        except UnicodeEncodeError:
            raise Unfit(_NO_TEXT) from None
        return Customer(filled["customer_id"], hash_of_bytes(told), filled)
