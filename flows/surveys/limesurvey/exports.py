"""The lists of responses that LimeSurvey exports: a file in base64, in which each row stays as it came."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from flows.records import SourceError
from flows.surveys.limesurvey.remote import Remote, Said
from flows.surveys.templates import text_of

# No rows yet, or a survey that is not active any more: neither is a fault.
_EMPTY = ("no data", "no response found")
_DECODER = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])
_ITEM = msgspec.json.Decoder()


def exported(
    remote: Remote, survey_id: str, first: int, last: int | None, fields: list[str] | None = None
) -> list[bytes]:
    """Give the rows with ids from `first` to `last` (None: to the end), both included, in JSON.

    `fields` are names of columns, None for all. Raises Said and SourceError.
    """
    params = [_number(survey_id), "json", None, "all", "code", "short", first, last]
    try:
        told = remote.call("export_responses", *params, *([fields] if fields else []))
    except Said as said:
        if said.says(*_EMPTY):
            return []
        raise
    if not isinstance(told, str):
        raise SourceError(remote.sentence("gives no file for export_responses."))
    try:
        return _rows(base64.b64decode(told, validate=False))
    except (binascii.Error, ValueError, RecursionError):
        pass
    raise SourceError(
        remote.sentence(f"gives a file of the survey {survey_id} that is no list of responses.")
    )


def _number(survey_id: str) -> int | str:
    return int(survey_id) if survey_id.isascii() and survey_id.isdigit() else survey_id


def _rows(file: bytes) -> list[bytes]:
    file = file.removeprefix(b"\xef\xbb\xbf")
    try:
        rows = [bytes(row) for row in _DECODER.decode(file).get("responses", ())]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # One bad row must not keep its neighbours out.
        told = json.loads(file.decode("utf-8", "surrogateescape"))
        if not isinstance(told, dict) or not isinstance(told.get("responses"), list):
            raise ValueError from None
        rows = [json.dumps(row).encode() for row in told["responses"]]
    return [unwrapped for row in rows if (unwrapped := _unwrapped(row)) is not None]


def _unwrapped(row: bytes) -> bytes | None:
    """Take off the shell that version 3 puts around a row; None for the empty row it makes of nothing."""
    if b"{" not in row[1:] and b'"id": ""' not in row and b'"id":""' not in row:
        return row
    try:
        item = _ITEM.decode(row)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return row
    if isinstance(item, dict) and len(item) == 1:
        [(key, inner)] = item.items()
        if (key.isdigit() or not key) and isinstance(inner, dict):
            item = inner
            row = bytes(msgspec.json.decode(row, type=dict[str, msgspec.Raw])[key])
    return None if isinstance(item, dict) and item.get("id") == "" else row


def id_of(item: Mapping[str, Any]) -> int | None:
    """Give the id of a row; None where it has none that is a whole number."""
    text = text_of(item.get("id")) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
