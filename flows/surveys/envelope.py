"""The fields beside the payload of a response, as the configuration's templates fill them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flows.configuration import Source
from flows.surveys import moments
from flows.surveys.templates import Finder, Lookup, Template, template, template_of

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
        self._texts = {field: _ways(source, field, (defaults or {}).get(field, ())) for field in FIELDS}
        self._submitted_at = template_of(source, "submitted_at")
        self._weight = template_of(source, "weight")
        self._filling = [
            (field, [way.over(finder) for way in ways]) for field, ways in self._texts.items() if ways
        ]
        self._time, self._share = (one and one.over(finder) for one in (self._submitted_at, self._weight))
        self._written, self._zone = source.submitted_at_format, ZoneInfo(source.timezone)

    @property
    def names(self) -> list[str]:
        """Name every column or member that is looked up, each once."""
        templates = [one for ways in self._texts.values() for one in ways]
        templates += [one for one in (self._submitted_at, self._weight) if one]
        return list(dict.fromkeys(name for one in templates for name in one.names))

    def fill(self, record: Any) -> dict[str, Any]:
        """Give the envelope's fields as arguments of `Response`; only those that have a value.

        `submitted_at` is aware and in UTC. Raises Unfit for a time or weight that is none.
        """
        filled: dict[str, Any] = {}
        for field, ways in self._filling:
            for way in ways:
                if (text := way(record)) is not None:
                    filled[field] = text
                    break
        if self._time and (text := self._time(record)) is not None:
            filled["submitted_at"] = moments.moment(text, self._written, self._zone)
        if self._share and (text := self._share(record)) is not None:
            filled["weight"] = moments.weight(text)
        return filled


def _ways(source: Source, field: str, defaults: tuple[str, ...]) -> list[Template]:
    configured = template_of(source, field)
    return [configured] if configured else [template(text, source, field) for text in defaults]
