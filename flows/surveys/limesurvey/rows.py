"""One row of an export: a response with its answers and envelope, or why it cannot be understood.

The payload holds the row as it came under `response`, and beside it what a survey's definition makes of it:
`answers` with the labels of their codes as they were when it was read, `properties` (hidden questions,
equations, attributes of the participant), `contacts` of the participant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from flows.configuration import Source
from flows.records import Reject, Response
from flows.surveys.envelope import Envelope
from flows.surveys.limesurvey.exports import id_of
from flows.surveys.limesurvey.index import NEVER
from flows.surveys.limesurvey.people import Person
from flows.surveys.limesurvey.questions import OTHER, SCALES, Question, column_parts
from flows.surveys.moments import moment
from flows.surveys.templates import Unfit, member, text_of
from flows.surveys.told import hash_of, object_of

DEFAULTS = {
    "customer_id": ("{properties.customer_id}", "{properties.customerid}", "{properties.customer}"),
    "account_id": ("{properties.account_id}", "{properties.accountid}", "{properties.account}"),
    "email": ("{contacts.email}", "{properties.email}", "{properties.mail}"),
    "language": ("{language}",),
}
SYSTEM = frozenset(
    [
        *("id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp"),
        *("ipaddr", "refurl", "quota_exit"),
    ]
)
_SORTED = msgspec.json.Encoder(order="sorted")
_LANGUAGE = frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Maker:
    """Make responses of the rows of one survey, as its questions are now."""

    source: Source
    survey_id: str
    questions: Mapping[str, Question]
    envelope: Envelope
    series: int = 0

    def made(self, raw: bytes, people: Mapping[str, Person]) -> Response | Reject:
        """Read a row; what cannot be understood becomes a Reject with its bytes."""
        try:
            item = object_of(raw)
        except Unfit as unfit:
            return Reject(self.survey_id, str(unfit), raw)
        if (number := id_of(item)) is None:
            return Reject(self.survey_id, "it has no id that is a number", raw)
        response_id = self.id_of(number)
        person = people.get(text_of(item.get("token")) or "", Person())
        answers, properties = self._told(item)
        # What came with this very response wins over what its participant was invited with.
        contacts = {name: text for name, text in person.contacts.items() if name not in properties}
        told = {"properties": {**person.properties, **properties}, "contacts": contacts}
        is_complete = bool(text_of(item.get("submitdate")))
        try:
            filled = {"submitted_at": self._at(item, is_complete)}
            filled |= self.envelope.fill({"response": item, **told})
        except Unfit as unfit:
            return Reject(self.survey_id, str(unfit), raw, response_id)
        payload = _SORTED.encode({"response": msgspec.Raw(raw), "answers": answers, **told})
        # Only what a person said or is; how the server writes numbers and nothing is its own business.
        said = {name: text for name, value in item.items() if (text := _written(value)) is not None}
        content_hash = hash_of((said, told, is_complete, filled))
        return Response(self.survey_id, response_id, payload, content_hash, is_complete=is_complete, **filled)

    def id_of(self, number: int) -> str:
        """Name a response; where a survey began to number anew, ids come twice and are told apart."""
        return f"{self.series + 1}/{number}" if self.series else str(number)

    def gone(self, number: int) -> Response:
        """Make the tombstone of a response."""
        told = {"response": {"id": number}, "is_deleted": True}
        payload = _SORTED.encode(told)
        return Response(self.survey_id, self.id_of(number), payload, hash_of(told), is_deleted=True)

    def _at(self, item: Mapping[str, Any], is_complete: bool) -> Any:
        """Give when it was finished, or last touched; None where the survey keeps no dates."""
        for name in (*(("submitdate",) if is_complete else ()), "datestamp", "startdate"):
            text = text_of(item.get(name))
            if text and text[:19] != NEVER:
                try:
                    return moment(text, None, ZoneInfo(self.source.timezone))
                except Unfit:
                    fault = f"{name} is no time"
                raise Unfit(fault)
        return None

    def _told(self, item: Mapping[str, Any]) -> tuple[list[dict[str, str]], dict[str, str]]:
        """Tell answers and properties apart."""
        answers: list[dict[str, str]] = []
        properties: dict[str, str] = {}
        kept = {name.strip() for name in self.source.properties}
        for name, value in item.items():
            text, parts = _written(value), column_parts(name)
            if text is None or parts is None or name in SYSTEM:
                continue
            code, rest = parts
            question = self.questions.get(code)
            ref = "/".join([code, *rest])
            if question is not None and (question.is_hidden or {code, ref} & kept):
                properties[ref] = _label(question, text)
            elif question is not None:
                answers += _answer(question, ref, rest, text, item)
            elif not self.questions:
                answers.append({"ref": ref, "type": "", "text": text})
        return answers, properties


def _answer(
    question: Question, ref: str, rest: list[str], text: str, item: Mapping[str, Any]
) -> Iterator[dict[str, str]]:
    """Give the answer in a column, if there is one: with its label, and the code as the choice."""
    last = rest[-1] if rest else ""
    if last == "filecount" or (last == "other" and item.get(question.code) == OTHER):
        return  # how many files were uploaded; what was written beside a list, which stands with the list
    told = {"ref": ref, "type": question.type, "text": _label(question, text)}
    if question.type in SCALES:
        low, high = SCALES[question.type]
        told |= {"low": f"{low:g}", "high": f"{high:g}"}
    if text == OTHER and not rest:
        written = text_of(item.get(f"{question.code}[other]"))
        told |= {"text": written or "other", "choice": "other"}
    elif text in question.labels and last != "comment":
        told["choice"] = text
    elif last == "other":
        told["choice"] = "other"
    elif question.type in "MP" and last in question.parts[0]:
        told["choice"] = last
    yield told


def _label(question: Question, text: str) -> str:
    return question.labels.get(text) or text


def _written(value: object) -> str | None:
    """Write a value as text; nested ones, which no version is known to send, as JSON."""
    if isinstance(value, dict | list):
        return _SORTED.encode(value).decode()
    return text_of(value)


def finder(name: str) -> Callable[[dict[str, Any]], object]:
    """Find a name in a row: `token`, `CODE`, `answers.CODE/SQ001`, `properties.NAME`, `contacts.email`.

    Properties are found whatever their case, as codes of questions are often written in capitals.
    """
    first, _, rest = name.partition(".")
    if name == "language":
        return _language
    if first in ("properties", "hidden", "participant", "contacts") and rest:
        wanted = rest.casefold()

        def found(record: dict[str, Any]) -> object:
            parts = (
                [record["contacts"]] if first == "contacts" else [record["properties"], record["contacts"]]
            )
            named = ((key, value) for part in parts for key, value in part.items())
            return next((value for key, value in named if key.casefold() == wanted), None)

        return found
    column = _column(rest if first in ("answers", "response") and rest else name)
    return lambda record: member(record, "response").get(column)  # type: ignore[attr-defined]


def _column(ref: str) -> str:
    """Write a reference as the export writes its column: `SAT/SQ001` is `SAT[SQ001]`."""
    code, *rest = ref.split("/")
    return code + "".join(f"[{part}]" for part in rest)


def _language(record: dict[str, Any]) -> object:
    """Give the language that came with the response, where it is a tag, else the one it was answered in."""
    for name, value in record["properties"].items():
        tag = value.strip().replace("_", "-").split("-")
        if name.casefold() == "language" and set(tag[0].casefold()) <= _LANGUAGE and 2 <= len(tag[0]) <= 3:
            return value
    return record["response"].get("startlanguage")
