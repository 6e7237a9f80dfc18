"""Which datasets there are, and what their forms ask.

Facts: `/account` holds the reports and within them their datasets; a list says in `_meta` whether it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from flows.records import Definition
from flows.surveys.body import Unreadable
from flows.surveys.listings import REFUSALS
from flows.surveys.mopinion.signed import Client
from flows.surveys.templates import text_of
from flows.surveys.told import hash_of

_MOST_PAGES = 1000
_ENCODE = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Dataset:
    """Carry a dataset: its id, what the account says of it and of the report around it."""

    id: str
    told: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)


def datasets_of(client: Client) -> dict[str, Dataset]:
    """List the datasets that the keys may see, by id; raises SourceError."""
    found: dict[str, Dataset] = {}
    for page in _pages(client, "/account"):
        before = len(found)
        for report in _objects(page.get("reports")):
            outline = {name: value for name, value in report.items() if name != "datasets"}
            for told in _objects(report.get("datasets")):
                if dataset_id := text_of(told.get("id")):
                    found.setdefault(dataset_id, Dataset(dataset_id, told, outline))
        if len(found) == before:  # an endless list shows itself by telling nothing new
            break
    return found


def named(surveys: Iterable[str], known: Mapping[str, Dataset]) -> list[str]:
    """Give the datasets meant by ids of datasets or reports; what is neither may yet be a dataset."""
    chosen: list[str] = []
    for name in surveys:
        within = [one.id for one in known.values() if text_of(one.report.get("id")) == name]
        chosen += [name] if name in known or not within else within
    return list(dict.fromkeys(chosen))


def fields_of(client: Client, dataset_id: str) -> list[dict[str, Any]]:
    """List the fields of a dataset's form; raises SourceError, Refused where it is gone."""
    found: dict[str, dict[str, Any]] = {}
    for page in _pages(client, f"/datasets/{dataset_id}/fields"):
        before = len(found)
        for told in _objects(page.get("data")):
            found.setdefault(text_of(told.get("key")) or str(len(found)), told)
        if len(found) == before:
            break
    return list(found.values())


def kind_of(key: str, told: Mapping[str, Any] | None) -> str:
    """Say what kind of field it is, in small letters: by its type, else by the middle of `1.NPS.x1k2`."""
    parts = key.split(".")
    own = text_of((told or {}).get("type"))
    return (own or (parts[1] if len(parts) > 2 else "")).lower()


def is_hidden(kind: str) -> bool:
    """Tell whether nobody sees a field: what it holds is a property of the response, not an answer."""
    return kind.startswith(("hidden", "custom"))


def definition(dataset: Dataset, fields: list[dict[str, Any]]) -> Definition:
    """Write a dataset's definition; each field with its kind and the ends of its scale."""
    asked = [
        {"ref": key, "text": text_of(told.get("label")), "type": kind, **_scale(told, kind)}
        for told in fields
        if (key := text_of(told.get("key"))) and not is_hidden(kind := kind_of(key, told))
    ]
    content = {"dataset": dataset.told, "report": dataset.report, "fields": fields, "asked": asked}
    return Definition(dataset.id, _ENCODE(content), hash_of(content))


def _scale(told: Mapping[str, Any], kind: str) -> dict[str, float]:
    if kind == "nps":
        return {"low": 0, "high": 10}
    options = told.get("answer_options")
    size = text_of(options.get("scale")) if isinstance(options, dict) else None
    if not isinstance(options, dict) or not size or not size.isdigit() or int(size) < 2:
        return {}
    low = 0 if text_of(options.get("start_at_zero")) in ("true", "1") else 1
    return {"low": low, "high": low + int(size) - 1}


def _pages(client: Client, path: str) -> Iterator[dict[str, Any]]:
    for number in range(1, _MOST_PAGES + 1):
        page = client.get(path, {"page": str(number), "limit": "100"}, _object)
        yield page
        if not goes_on(page.get("_meta")):
            return


def goes_on(meta: object) -> bool | None:
    """Tell whether a list says that it goes on; None where it does not say (both spellings were seen)."""
    if not isinstance(meta, dict):
        return None
    told = meta.get("has_more", meta.get("hasMore"))
    return told if isinstance(told, bool) else None


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(body)
    except REFUSALS:
        told = None
    if not isinstance(told, dict):
        raise Unreadable("its answer is no JSON object; is base_url that of Mopinion's API?")
    return told


def _objects(listed: object) -> Iterator[dict[str, Any]]:
    yield from (one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict))
