"""Records as Arrow columns, one table of `raw` each; what no text column can hold is told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from flows.records import Customer, Definition, Invitation, Reject, Response, Responses
from flows.warehouse.arrays import decimals, hashes, moments, numbers, texts, truths

Record = Response | Definition | Customer | Invitation
# What records of one kind say, by the name of the column.
Columns = dict[str, list[Any]]
_CELLS = (
    *("account_id", "name", "email", "phone", "segment", "persona", "audience", "annual_value", "currency"),
    *("language", "may_contact", "owner_id", "left_at"),
)
_MADE: dict[str, Callable[[Any], pa.Array]] = {
    "content_hash": hashes,
    "submitted_at": moments,
    "invited_at": moments,
    "invited_count": numbers,
    "started_count": numbers,
    "completed_count": numbers,
    "weight": decimals,
    "is_complete": truths,
    "is_deleted": truths,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Name a table of versions: its key beside the source, a record's columns, those of a whole load."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    of_load: tuple[str, ...]

    @property
    def has_payload(self) -> bool:
        """Tell whether records keep the JSON they came as."""
        return "payload" in self.columns

    @property
    def has_time(self) -> bool:
        """Tell whether records say when they were made."""
        return "submitted_at" in self.columns


RESPONSES = Kind(
    "responses",
    ("survey_id", "response_id"),
    (
        *("survey_id", "response_id", "content_hash", "is_deleted", "submitted_at", "is_complete"),
        *("customer_id", "account_id", "email", "language", "channel", "audience", "weight", "payload"),
    ),
    ("source_name", "tool", "load_id", "run_id", "fetched_at"),
)
DEFINITIONS = Kind(
    "definitions",
    ("survey_id",),
    ("survey_id", "content_hash", "payload"),
    ("source_name", "tool", "load_id", "fetched_at"),
)
CUSTOMERS = Kind(
    "customers",
    ("customer_id",),
    ("customer_id", "content_hash", *_CELLS),
    ("source_name", "load_id", "fetched_at"),
)
INVITATIONS = Kind(
    "invitations",
    ("survey_id", "invitation_id"),
    (
        *("survey_id", "invitation_id", "content_hash", "invited_at", "invited_count", "started_count"),
        *("completed_count", "payload"),
    ),
    ("source_name", "tool", "load_id", "fetched_at"),
)
KINDS = (RESPONSES, DEFINITIONS, CUSTOMERS, INVITATIONS)


def columns_of(kind: Kind, told: Sequence[Record]) -> Columns:
    """Lay records out as columns."""
    if isinstance(told, Responses):
        return {name: told.columns[name] for name in kind.columns}
    return {name: [_cell(kind, name, record) for record in told] for name in kind.columns}


def rows_of(columns: Columns, places: Sequence[int]) -> Columns:
    """Give the rows of these places."""
    return {name: [column[place] for place in places] for name, column in columns.items()}


def table_of(columns: Columns) -> pa.Table:
    """Make a table; raises ValueError where a text is not valid Unicode."""
    arrays = [_MADE.get(name, texts)(column) for name, column in columns.items()]
    table = pa.Table.from_arrays(arrays, names=list(columns))
    table.validate(full=True)
    return table


def readable(text: str | None) -> str | None:
    """Write what is no Unicode (a lone half of a pair) as an escape."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()


def reject_table(rejects: Sequence[tuple[Reject, str, str | None]]) -> pa.Table:
    """Lay rejects (with key and scope) out as columns; bytes that are no UTF-8 are written as escapes."""
    told = {
        name: [getattr(reject, name) for reject, _, _ in rejects]
        for name in ("survey_id", "response_id", "question_ref", "level", "reason")
    }
    told |= {"record_key": [key for _, key, _ in rejects], "scope": [scope for _, _, scope in rejects]}
    columns = {name: texts([readable(value) for value in values]) for name, values in told.items()}
    columns["payload"] = texts(
        [reject.payload.decode("utf-8", "backslashreplace") for reject, _, _ in rejects]
    )
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def set_aside(record: Record, reason: str) -> Reject:
    """Make a reject of a record that cannot be stored."""
    if isinstance(record, Customer):
        return Reject("", reason, repr(record.cells).encode("utf-8", "backslashreplace"), record.customer_id)
    response_id = record.response_id if isinstance(record, Response) else None
    return Reject(record.survey_id, reason, record.payload, response_id)


def _cell(kind: Kind, name: str, record: Record) -> Any:
    if kind is CUSTOMERS and name in _CELLS:
        return record.cells.get(name)  # type: ignore[union-attr]
    return getattr(record, name)
