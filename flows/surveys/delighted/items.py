"""One saved response: its answers and envelope, or why it cannot be understood.

The payload holds the object (a row's cells) as it was saved under `response`; beside it `answers`,
`properties` (what the survey was sent with, and tags), `contacts`. Facts: the score is stored at once, while
comment and further answers come in later updates; `person` is an object or only its id, then `people.json`
says who that is; `updated_at` may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from flows.configuration import Source
from flows.records import Definition, Reject, Response
from flows.surveys.delighted.answers import answers_in, kind_of, properties_in
from flows.surveys.delighted.saved import Saved, is_person
from flows.surveys.envelope import Envelope
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, template_of, text_of
from flows.surveys.told import hash_of, in_any_order, name_of

DEFAULTS = {
    "customer_id": ("{properties.customer_id}", "{properties.customer}"),
    "account_id": ("{properties.account_id}", "{properties.account}"),
    "email": ("{contacts.email}",),
    "language": ("{properties.language}", "{properties.locale}"),
    "channel": ("{properties.Delighted Source}",),
}
_CONTACTS = {"email": "email", "name": "name", "phone_number": "phone"}
_SECONDS = re.compile(r"[0-9]{9,11}(\.0+)?")
_ENCODE = msgspec.json.Encoder(order="sorted").encode
Place = tuple[str, str]


class Maker:
    """Make responses of one project, once all its objects were noted."""

    def __init__(self, source: Source) -> None:
        """Take the source; raises SourceError for a template that cannot be used."""
        self.source = source
        self._envelope = Envelope(source, DEFAULTS, finder)
        self._survey_id, self._response_id = (
            template_of(source, "survey_id"),
            template_of(source, "response_id"),
        )
        self._written, self._zone = source.submitted_at_format, ZoneInfo(source.timezone)
        self._newest: dict[str, tuple[float, Place]] = {}
        self._people: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, dict[str, dict[str, Any]]] = {}

    def note(self, saved: Saved, place: Place) -> None:
        """Note where an object stands and when it was last changed; the later of equal ones counts."""
        item = saved.item
        if item is None:
            return
        if is_person(item):
            self._people[str(text_of(item["id"]))] = item
        elif response_id := self._id_of(saved):
            at = self._changed_at(item)
            if at >= self._newest.get(response_id, (at, place))[0]:
                self._newest[response_id] = (at, place)

    def counts(self, saved: Saved, place: Place) -> bool:
        """Tell whether no newer state of an object was noted; what cannot be read counts always."""
        response_id = self._id_of(saved) if saved.item is not None else None
        return response_id is None or self._newest.get(response_id, (0.0, place))[1] == place

    def made(self, saved: Saved, place: str) -> Response | Reject:
        """Make a response; raises nothing: what cannot be understood becomes a Reject, with its place."""
        item = saved.item
        if item is None:
            return Reject("", f"{place}: {saved.reason}", saved.raw)
        survey_id, response_id = self._survey_of(item), self._id_of(saved)
        if response_id is None:
            return Reject(survey_id, f"{place}: it has no id", saved.raw)
        try:
            return self._response(saved, item, survey_id, response_id)
        except Unfit as unfit:
            return Reject(survey_id, f"{place}: {unfit}", saved.raw, response_id)
        except (RecursionError, UnicodeEncodeError):
            reason = f"{place}: it is nested too deeply, or holds signs that are no text"
            return Reject(survey_id, reason, saved.raw, response_id)

    def _response(self, saved: Saved, item: dict[str, Any], survey_id: str, response_id: str) -> Response:
        person = self._person_of(item)
        told: dict[str, Any] = {
            "answers": list(answers_in(item)),
            "properties": dict(properties_in(item)),
            "contacts": {name: text for key, name in _CONTACTS.items() if (text := text_of(person.get(key)))},
        }
        at = self._moment(item, "created_at")
        filled = {"submitted_at": at, **self._envelope.fill({"response": item, "person": person, **told})}
        payload = _ENCODE(
            {"response": msgspec.Raw(saved.raw), "is_surrogate": self._is_nameless(item), **told}
        )
        asked = self._asked.setdefault(survey_id, {})
        for answer in told["answers"]:
            described: dict[str, Any] = {"ref": answer["ref"], "type": answer["type"]}
            has_scale = answer["ref"] == "score" and answer["type"].startswith(("nps", "enps", "employee"))
            scale = {"low": 0, "high": 10} if has_scale else {}
            asked[answer["ref"]] = {**described, "text": answer.get("question"), **scale}
        content_hash = hash_of(({**told, "answers": in_any_order(told["answers"])}, filled))
        return Response(survey_id, response_id, payload, content_hash, **filled)

    def definitions(self) -> list[Definition]:
        """Describe the surveys by the questions that were answered: nothing else tells of them."""
        found = []
        for survey_id, asked in sorted(self._asked.items()):
            content = {"asked": [asked[ref] for ref in sorted(asked)]}
            found.append(Definition(survey_id, _ENCODE(content), hash_of(content)))
        return found

    def _person_of(self, item: dict[str, Any]) -> dict[str, Any]:
        """Say who answered: what stands with the response, and what it lacks from `people.json`."""
        told = item.get("person")
        own = told if isinstance(told, dict) else {"id": told}
        known = self._people.get(text_of(own.get("id")) or "", {})
        return {**known, **{name: value for name, value in own.items() if value is not None}}

    def _survey_of(self, item: dict[str, Any]) -> str:
        if self._survey_id is not None and (named := self._survey_id(lambda name: _look(item, name))):
            return named
        return kind_of(item) or self.source.name

    def _is_nameless(self, item: dict[str, Any]) -> bool:
        return text_of(item.get("id")) is None and self._response_id is None

    def _id_of(self, saved: Saved) -> str | None:
        """Give the id; of a row without one a digest of who said what when. None where there is none."""
        item = saved.item or {}
        if self._response_id is not None:
            return self._response_id(lambda name: _look(item, name))
        if (own := text_of(item.get("id"))) or not saved.is_row:
            return own
        said = [member(item, name) for name in ("person.email", "created_at", "score", "comment")]
        return name_of([self.source.name, *said]) if any(said) else None

    def _changed_at(self, item: dict[str, Any]) -> float:
        for name in ("updated_at", "created_at"):
            try:
                if at := self._moment(item, name):
                    return at.timestamp()
            except Unfit:
                continue
        return 0.0

    def _moment(self, item: dict[str, Any], name: str) -> datetime | None:
        """Read a time: Unix seconds, or ISO 8601, with ` UTC` behind it or in the source's zone."""
        text = text_of(item.get(name))
        if text is None:
            return None
        try:
            if _SECONDS.fullmatch(text):
                return datetime.fromtimestamp(int(text.partition(".")[0]), UTC)
            plain = text.removesuffix("UTC").rstrip()
            return moment(plain, self._written, self._zone if plain == text else ZoneInfo("UTC"))
        except Unfit:
            pass
        raise Unfit(f"{name} is no time that can be read; say how it is written in submitted_at_format")


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find a name: `properties.NAME`, `contacts.email`, `person.id`, or a member or column of a response."""
    first, _, rest = name.partition(".")
    if first in ("properties", "contacts", "person") and rest:
        return lambda record: record[first].get(rest)
    return lambda record: _look(record["response"], name)


def _look(item: dict[str, Any], name: str) -> object:
    """Look a name up in a response, and among what it was sent with, where unknown columns are, too."""
    found = member(item, name)
    told = item.get("person_properties")
    return found if found is not None or not isinstance(told, dict) else told.get(name)
