"""The items of a page: responses with their envelopes, or why they cannot be understood.

A page is read column by column. What is odd about one item costs that item its time, or its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

from flows.configuration import Source
from flows.records import Reject, Responses
from flows.surveys.envelope import Envelope
from flows.surveys.members import Members
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, Values, member, text_of, texts_of

# Audience, channel and language of the hidden fields are read by SQL, which knows what is one.
DEFAULTS = {
    "customer_id": ("{hidden.customer_id}", "{hidden.customer}"),
    "account_id": ("{hidden.account_id}", "{hidden.account}"),
    "email": ("{hidden.email}", "{hidden.mail}"),
}
COMPLETED, PARTIAL = "completed", "partial"
NAMELESS = "it has neither response_id nor token"
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Told:
    """Carry what a page of items told; `times` say when each response was finished or last touched."""

    responses: Responses = field(default_factory=Responses)
    times: list[datetime | None] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    last_token: str | None = None

    def __len__(self) -> int:
        """Count the items."""
        return len(self.responses) + len(self.rejects)

    def keep(self, places: Iterable[int]) -> None:
        """Keep these responses, and all rejects."""
        kept = list(places)
        if len(kept) < len(self.times):
            self.responses = self.responses.taken(kept)
            self.times = [self.times[at] for at in kept]


class Reader:
    """Read the items of one source."""

    def __init__(self, source: Source) -> None:
        """Take the templates of the source apart; raises SourceError for one that cannot be used."""
        self._members = Members()
        look_up = self._members.look_up
        self._token, self._id, self._type = map(look_up, ("token", "response_id", "response_type"))
        self._submitted, self._staged, self._landed = map(look_up, ("submitted_at", "staged_at", "landed_at"))
        self._envelope = Envelope(source, DEFAULTS)
        self._looks = {first: look_up(first) for first in (name.partition(".")[0] for name in self.names)}

    @property
    def names(self) -> list[str]:
        """Name every member that the templates look up."""
        return self._envelope.names

    def read(self, raws: Sequence[bytes], survey_id: str, kind: str) -> Told:
        """Read items of the list of a kind; what cannot be understood becomes a Reject with its bytes."""
        items, faults = self._members.read(raws)
        tokens, ids = (texts_of(list(map(look, items))) for look in (self._token, self._id))
        ids = [own or token for own, token in zip(ids, tokens, strict=True)]
        if None in ids:
            faults |= {at: NAMELESS for at, own in enumerate(ids) if own is None and at not in faults}
        is_complete = self._are_complete(items, kind)
        times = self._times(items, is_complete, faults)
        columns: dict[str, list[Any]] = {
            "survey_id": [survey_id] * len(items),
            "response_id": ids,
            "payload": list(raws),
            "content_hash": self._envelope.hashes(raws, is_complete),
            "is_complete": is_complete,
            "is_deleted": [False] * len(items),
            **self._envelope.columns(self._values_of(items), len(items), faults),
        }
        told_at = columns["submitted_at"]
        columns["submitted_at"] = [own or at for own, at in zip(told_at, times, strict=True)]
        named = (token or own for token, own in zip(reversed(tokens), reversed(ids), strict=True))
        told = Told(Responses.of(columns), times, last_token=next(filter(None, named), None))
        if faults:
            told.rejects = [Reject(survey_id, faults[at], raws[at], ids[at]) for at in sorted(faults)]
            told.keep(at for at in range(len(items)) if at not in faults)
        return told

    def _are_complete(self, items: Sequence[Any], kind: str) -> list[bool]:
        """Believe an item's own word, else the list it stands in, unless it was plainly submitted."""
        types, is_list = list(map(self._type, items)), kind == COMPLETED
        if types.count(COMPLETED) == len(types):
            return [True] * len(types)
        return [
            own == COMPLETED if own and isinstance(own, str) else is_list or self._is_submitted(item)
            for own, item in zip(types, items, strict=True)
        ]

    def _is_submitted(self, item: Any) -> bool:
        submitted = self._submitted(item)
        return bool(submitted) and not str(submitted).startswith("0001-") and not self._staged(item)

    def _times(
        self, items: Sequence[Any], is_complete: Sequence[bool], faults: dict[int, str]
    ) -> list[datetime | None]:
        """Give when each was finished, or last touched."""
        if all(is_complete) and (plain := _plain(list(map(self._submitted, items)))):
            return [*plain]
        times: list[datetime | None] = []
        for place, (item, is_finished) in enumerate(zip(items, is_complete, strict=True)):
            try:
                times.append(self._time(item, is_finished))
            except Unfit as unfit:
                times.append(None)
                faults.setdefault(place, str(unfit))
        return times

    def _time(self, item: Any, is_complete: bool) -> datetime | None:
        """Give when one was finished, or last touched; raises Unfit. The year 1 means never."""
        submitted, staged, landed = (
            ("submitted_at", self._submitted),
            ("staged_at", self._staged),
            ("landed_at", self._landed),
        )
        for name, look in (submitted,) if is_complete else (staged, landed):
            text = text_of(look(item))
            if text is None or text.startswith("0001-"):
                continue
            try:
                return moment(text, None, _UTC)
            except Unfit:
                fault = f"{name} is no time as ISO 8601 writes it"
            raise Unfit(fault)
        return None

    def _values_of(self, items: Sequence[Any]) -> Values:
        """Give the values of a dotted name in all items; of lists those of an element, see `_listed`."""
        parts = cache(lambda first: list(map(self._looks[first], items)))
        names = cache(lambda first: _names(parts(first)))

        def values(name: str) -> Sequence[object]:
            first, _, wanted = name.partition(".")
            if not wanted:
                return parts(first)
            known = names(first)
            if known is None or "." in wanted:
                return [_found(part, wanted) for part in parts(first)]
            if wanted not in known:
                return [None] * len(items)
            return [part.get(wanted) if part else None for part in parts(first)]

        return values


def _names(parts: Sequence[Any]) -> set[str] | None:
    """Name all that is in objects that may be missing, as `hidden` is; None where there is anything else."""
    if not {dict, NoneType}.issuperset(map(type, parts)):
        return None
    return set().union(*filter(None, parts))


def _found(part: object, wanted: str) -> object:
    return _listed(part, wanted) if isinstance(part, list) else member(part, wanted)


def _plain(texts: Sequence[Any]) -> list[datetime] | None:
    """Read times that are all written in full and in UTC, as they nearly always are; None for any others."""
    try:
        times = list(map(datetime.fromisoformat, texts))
        is_plain = {UTC}.issuperset(map(attrgetter("tzinfo"), times)) and min(times).year > 1
    except (ValueError, TypeError):
        return None
    return times if is_plain else None


def _listed(found: list[Any], wanted: str) -> object:
    """Look into `variables` and `answers`, which are lists: by `variables.KEY` and `answers.REF`."""
    for one in found:
        if isinstance(one, dict) and wanted in (one.get("key"), member(one, "field.ref")):
            value = one.get(one.get("type"))
            return value.get("label") if isinstance(value, dict) else value
    return None
