"""Whether a file has the columns that the configuration speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.configuration import Source
from flows.surveys.row_roles import ENVELOPE, names_in
from flows.surveys.rows_told import CUSTOMER_FIELDS
from flows.surveys.tables import Unreadable

_SHOWN = 20
# A file without a header begins with somebody's answers: addresses, dates and numbers are no names.
_DATA = re.compile(r".*@.*|[+-]?[0-9][0-9 .,:/()T+-]*Z?")


def odd_columns(source: Source, columns: Sequence[str]) -> list[str]:
    """Say what is odd about a file's columns; raises Unreadable when one is missing that a template names."""
    data = [name for name in columns if _DATA.fullmatch(name)]
    headless = len(data) * 2 > len(columns)
    if missing := _missing(source, columns):
        raise Unreadable(
            f"it has no column {missing}. {_listed(columns)} Correct the file or the configuration"
        )
    said = []
    if headless:
        said.append(
            "seems to have no header: most of its columns are named by a number, a date or an address."
        )
    if lost := [name for name in map(str.strip, source.properties) if name not in columns]:
        listed = ", ".join(f"'{name}'" for name in lost)
        said.append(f"has no column {listed}, which `properties` names; nothing is kept of it.")
    return said


def _missing(source: Source, columns: Sequence[str]) -> str:
    fields = CUSTOMER_FIELDS if source.holds == "customers" else ENVELOPE
    named = names_in(source, fields)
    if source.holds == "customers":
        named.setdefault("customer_id", ("customer_id",))
    lost = [
        f"'{name}' (named by {field})"
        for field, names in named.items()
        for name in names
        if name not in columns
    ]
    return ", ".join(dict.fromkeys(lost))


def _listed(columns: Sequence[str]) -> str:
    """List a file's columns; what looks like an answer, for want of a header, is not shown."""
    shown = ["…" if _DATA.fullmatch(name) else name[:60] for name in columns[:_SHOWN]]
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"Its columns are {', '.join(shown)}{more}."
