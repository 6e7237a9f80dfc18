"""What the satisfaction surveys of an account ask, in English where they are translated."""

from __future__ import annotations

from collections.abc import Iterator

from flows.records import Definition, Page, Reject
from flows.surveys.session import Session
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, object_of
from flows.surveys.zendesk.walk import walk

_PATH, _SIZE = "/guide/en-us/surveys", 50
_VOLATILE = ("state", "updated_at")


def definitions(session: Session, wanted: set[str] | None) -> Iterator[Page]:
    """Give all surveys, or those wanted, and warn of those that are not there; raises SourceError."""
    seen: set[str] = set()
    for found, is_last in walk(session, _PATH, {}, "surveys", _SIZE):
        page = Page()
        for raw in found.items:
            read = _read(raw)
            if isinstance(read, Reject):
                page.rejects.append(read)
            elif wanted is None or read.survey_id in wanted:
                page.definitions.append(read)
                seen.add(read.survey_id)
        if is_last:
            gone = sorted((wanted or set()) - seen)
            page.warnings = [
                session.sentence(_PATH, f"tells of no survey {survey_id}.") for survey_id in gone
            ]
        yield page


def _read(raw: bytes) -> Definition | Reject:
    survey_id = None
    try:
        survey = object_of(raw)
        survey_id = text_of(survey.get("id"))
        if survey_id is not None:
            lasting = {name: value for name, value in survey.items() if name not in _VOLATILE}
            return Definition(survey_id, raw, hash_of(lasting))
        fault = "the survey has no id"
    except Unfit as unfit:
        fault = str(unfit)
    return Reject("unknown", fault, raw)
