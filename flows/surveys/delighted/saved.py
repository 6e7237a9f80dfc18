"""The objects that a saved file holds, whatever kind of file it is; each with its bytes as they came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from flows.configuration import Source
from flows.surveys.delighted.columns import Columns
from flows.surveys.listings import REFUSALS, without_mark
from flows.surveys.tables import Empty, opened
from flows.surveys.tables.lines import as_bytes
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import object_of

_JSON = (".json", ".jsonl", ".ndjson")
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
# What wraps an object: a webhook's event, and a row of a loader.
_WRAPPERS = ("event_data", "_airbyte_data")


@dataclass(frozen=True, slots=True)
class Saved:
    """Carry one object: where it stands, its bytes, what it says (None: `reason` says why it cannot be read).

    `is_row` says that it was made of a row of a table.
    """

    place: str
    raw: bytes
    item: dict[str, Any] | None
    reason: str = ""
    is_row: bool = False


def objects_of(path: Path, source: Source) -> Iterator[Saved]:
    """Give the objects of a file; raises Unreadable when nothing of it can be read, OSError."""
    if path.suffix.lower() not in _JSON:
        yield from _rows(path, source)
        return
    for number, raw in enumerate(_raws(without_mark(path.read_bytes())), 1):
        raw = _unwrapped(raw)
        try:
            item = object_of(raw)
        except Unfit as unfit:
            yield Saved(f"object {number}", raw, None, str(unfit))
            continue
        if "unsubscribed_at" not in item and "bounced_at" not in item:
            yield Saved(f"object {number}", raw, item)


def _rows(path: Path, source: Source) -> Iterator[Saved]:
    table = opened(path)
    columns = Columns(table.header, source)
    for row in table.rows:
        if row.cells is None:
            yield Saved(f"{table.unit} {row.place}", as_bytes(row.text), None, row.reason)
        elif row.cells:
            item = columns.item(row.cells)
            raw = json.dumps(row.cells, ensure_ascii=False).encode("utf-8", "surrogatepass")
            yield Saved(f"{table.unit} {row.place}", raw, item, is_row=True)


def _raws(body: bytes) -> Iterator[bytes]:
    """Take a file apart: an array, one object, or an object a line; what is none of them is given whole."""
    if not body.strip():
        raise Empty
    try:
        yield from map(bytes, _LIST.decode(body))
        return
    except REFUSALS:
        pass
    try:
        _MEMBERS.decode(body)
        yield body
        return
    except REFUSALS:
        pass
    if body.lstrip()[:1] != b"[":
        yield from (line.strip() for line in body.splitlines() if line.strip())
        return
    try:  # half an emoji in one comment must not keep the others out
        yield from (json.dumps(one).encode() for one in json.loads(body.decode("utf-8", "surrogateescape")))
    except (ValueError, RecursionError):
        yield body


def _unwrapped(raw: bytes) -> bytes:
    if not any(name.encode() in raw for name in _WRAPPERS):
        return raw
    try:
        members = _MEMBERS.decode(raw)
    except REFUSALS:
        return raw
    found = next((bytes(members[name]) for name in _WRAPPERS if name in members), raw)
    return msgspec.json.decode(found, type=str).encode() if found[:1] == b'"' else found


def is_person(item: dict[str, Any] | None) -> bool:
    """Tell whether an object is a person of `people.json`, who answered nothing in it."""
    if item is None or text_of(item.get("id")) is None:
        return False
    return "email" in item and not {"score", "survey_type", "person"} & item.keys()
