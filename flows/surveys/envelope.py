"""The fields beside the payload of a response, as the configuration's templates fill them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from xxhash import xxh3_64_intdigest

from flows.configuration import Source
from flows.surveys import moments
from flows.surveys.templates import Finder, Lookup, Template, Values, template, template_of
from flows.surveys.told import hash_of

FIELDS = ("customer_id", "account_id", "email", "language", "channel", "audience")


def _asked_of(name: str) -> Callable[[Lookup], object]:
    return lambda lookup: lookup(name)


class Envelope:
    """Fill the envelope of each response of one source."""

    def __init__(
        self,
        source: Source,
        defaults: Mapping[str, tuple[str, ...]] | None = None,
        finder: Finder = _asked_of,
    ) -> None:
        """Take the templates apart; a tool's defaults serve fields not configured, the first filled wins.

        Records are lookups, or whatever the finder finds names in. Raises SourceError for a template or a
        time format that cannot be used.
        """
        moments.check_format(source)
        self._templates = {
            field: _templates(source, field, (defaults or {}).get(field, ()))
            for field in (*FIELDS, "submitted_at", "weight")
        }
        self._filling = {
            field: [template.over(finder) for template in templates]
            for field, templates in self._templates.items()
            if templates
        }
        self._written, self._zone = source.submitted_at_format, ZoneInfo(source.timezone)
        self._seed = hash_of([repr(self._templates), self._written, source.timezone]) & ~1

    @property
    def names(self) -> list[str]:
        """Name every column or member that is looked up, each once."""
        templates = chain.from_iterable(self._templates.values())
        return list(dict.fromkeys(name for one in templates for name in one.names))

    def fill(self, record: Any) -> dict[str, Any]:
        """Give the envelope's fields as arguments of `Response`; only those that have a value.

        `submitted_at` is aware and in UTC. Raises Unfit for a time or weight that is none.
        """
        filled: dict[str, Any] = {}
        for field, ways in self._filling.items():
            for find, written in ways:
                if (value := find(record)) is not None and (text := written(value)) is not None:
                    filled[field] = self._read(field, text)
                    break
        return filled

    def columns(self, values: Values, count: int, faults: dict[int, str]) -> dict[str, list[Any]]:
        """Fill so many at once: columns of `Response`, None where there is no value.

        Where a time or weight is none, its reason is added to the faults, by place.
        """
        columns: dict[str, list[Any]] = {}
        for field, templates in self._templates.items():
            columns[field] = texts = _texts(templates, values, count)
            if field in ("submitted_at", "weight"):
                columns[field] = [self._told(field, text, at, faults) for at, text in enumerate(texts)]
        return columns

    def hashes(self, raws: Iterable[bytes], are_complete: Iterable[bool]) -> list[int]:
        """Give 64 bits that stand for the bytes of each record, whether it is complete, and these templates.

        They change whenever what it says does, and also where only its bytes differ.
        """
        return list(map(xxh3_64_intdigest, raws, map(self._seed.__or__, are_complete)))

    def _told(self, field: str, text: str | None, place: int, faults: dict[int, str]) -> Any:
        try:
            return None if text is None else self._read(field, text)
        except moments.Unfit as unfit:
            faults.setdefault(place, str(unfit))
            return None

    def _read(self, field: str, text: str) -> Any:
        if field == "submitted_at":
            return moments.moment(text, self._written, self._zone)
        return moments.weight(text) if field == "weight" else text


def _texts(templates: Sequence[Template], values: Values, count: int) -> list[str | None]:
    """Fill templates in, for each record until one of them leads to a text."""
    column: list[str | None] = [None] * count
    for way in templates:
        texts = way.down(values, count)
        if column.count(None) < count:
            texts = [a if a is not None else b for a, b in zip(column, texts, strict=True)]
        column = texts
        if None not in column:
            break
    return column


def _templates(source: Source, field: str, defaults: tuple[str, ...]) -> list[Template]:
    configured = template_of(source, field)
    return [configured] if configured else [template(text, source, field) for text in defaults]
