"""One row of feedback: a response with its answers and envelope, or why it cannot be understood.

The payload holds the row as it came under `feedback`; beside it `answers`, one for each thing chosen, each
with the kind of its field, and `properties`: hidden and custom fields under their names, and tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from flows.configuration import Source
from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.mopinion.datasets import Dataset, is_hidden, kind_of
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, in_any_order, object_of

DEFAULTS = {
    "customer_id": ("{properties.customer_id}", "{properties.customer}"),
    "account_id": ("{properties.account_id}", "{properties.account}"),
    "email": ("{properties.email}", "{properties.mail}", "{email}"),
    "channel": ("{properties.channel}", "{dataset.data_source}"),
}
_ENCODE = msgspec.json.Encoder(order="sorted").encode


@dataclass(slots=True)
class Item:
    """Carry what was made of one row, with what paging needs of it."""

    record: Response | Reject
    id: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Read rows of one dataset, whose form has these fields (by key)."""

    source: Source
    dataset: Dataset
    fields: Mapping[str, Mapping[str, Any]]
    envelope: Envelope

    def read(self, raw: bytes) -> Item:
        """Read a row; what cannot be understood becomes a Reject with its bytes."""
        survey_id = self.dataset.id
        try:
            item = object_of(raw)
        except Unfit as unfit:
            return Item(Reject(survey_id, str(unfit), raw))
        response_id = text_of(item.get("id"))
        if response_id is None:
            return Item(Reject(survey_id, "it has no id", raw))
        try:
            record, day = self._response(item, raw, response_id)
        except Unfit as unfit:
            return Item(Reject(survey_id, str(unfit), raw, response_id), response_id)
        except RecursionError:
            return Item(Reject(survey_id, "it is nested too deeply", raw, response_id), response_id)
        return Item(record, response_id, day)

    def _response(self, item: dict[str, Any], raw: bytes, response_id: str) -> tuple[Response, date | None]:
        created = text_of(item.get("created"))
        at = self._at(created) if created else None
        fields = [one for one in _list(item.get("fields")) if isinstance(one, dict)]
        answers, properties = self._told(fields)
        if tags := ";".join(sorted(text for one in _list(item.get("tags")) if (text := text_of(one)))):
            properties.setdefault("tags", tags)
        record = {
            "fields": fields,
            "answers": answers,
            "properties": properties,
            "dataset": self.dataset.told,
        }
        filled = {"submitted_at": at, **self.envelope.fill(record)}
        payload = _ENCODE({"feedback": msgspec.Raw(raw), "answers": answers, "properties": properties})
        # Labels are edited and translated; what somebody said stays the same.
        said = {name: value for name, value in item.items() if name not in ("fields", "tags")}
        values = in_any_order([[one.get("key"), one.get("value")] for one in fields])
        content_hash = hash_of((said, values, properties, filled))
        response = Response(self.dataset.id, response_id, payload, content_hash, **filled)
        return response, date.fromisoformat(created[:10]) if created else None

    def _at(self, created: str) -> Any:
        try:
            date.fromisoformat(created[:10])
            return moment(created, None, ZoneInfo(self.source.timezone))
        except (ValueError, Unfit):
            pass
        raise Unfit("created is no time as ISO 8601 writes it")

    def _told(self, fields: list[dict[str, Any]]) -> tuple[list[dict[str, str]], dict[str, str]]:
        """Tell answers and properties apart."""
        answers: list[dict[str, str]] = []
        properties: dict[str, str] = {}
        kept = {name.strip() for name in self.source.properties}
        for field in fields:
            key = text_of(field.get("key")) or text_of(field.get("label"))
            if key is None:
                continue
            told = self.fields.get(key, {})
            kind = kind_of(key, told)
            names = [
                text_of(told.get("short_label")),
                text_of(told.get("label")),
                text_of(field.get("label")),
            ]
            chosen = list(_texts(field.get("value")))
            if is_hidden(kind) or kept & {key, *names}:
                properties[next((name for name in names if name), key)] = ";".join(chosen)
                continue
            several = isinstance(field.get("value"), list)
            for text in chosen:
                answer = {"ref": key, "type": kind, "text": text}
                answers.append({**answer, "choice": text} if several else answer)
        return answers, {name: value for name, value in properties.items() if value}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> Iterator[str]:
    """Write a value, or each of a list, as text; a nested one as JSON."""
    for one in value if isinstance(value, list) else [value]:
        text = _ENCODE(one).decode() if isinstance(one, dict | list) else text_of(one)
        if text is not None:
            yield text


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find a name in a row: a field's key or label, `properties.NAME`, `dataset.data_source`, `email`.

    `email` is what a field of that kind holds.
    """
    first, _, rest = name.partition(".")
    if first in ("properties", "hidden") and rest:
        wanted = rest.casefold()
        return lambda record: next(
            (value for key, value in record["properties"].items() if key.casefold() == wanted), None
        )
    if first == "dataset" and rest:
        return lambda record: record["dataset"].get(rest)
    if name == "email":
        return lambda record: next((one["text"] for one in record["answers"] if "email" in one["type"]), None)
    field = rest if first in ("fields", "answers") and rest else name

    def found(record: dict[str, Any]) -> object:
        return next(
            (one.get("value") for one in record["fields"] if field in (one.get("key"), one.get("label"))),
            None,
        )

    return found
