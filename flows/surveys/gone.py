"""Surveys that were read before and are not listed any more, said once: no request meets a 404 for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from flows.records import Cursor, Page
from flows.surveys.asked import Asked

KIND = "gone"


def gone_from(asked: Asked, listed: Collection[str]) -> Iterator[Page]:
    """Warn of surveys that a tool listed before, where all of them are asked for; a backfill says nothing.

    A survey that comes back is warned of again when it goes again.
    """
    if asked.since or asked.source.surveys != "all":
        return
    said = {survey for (survey, kind), position in asked.cursors.items() if kind == KIND and position}
    known = {survey for survey, kind in asked.cursors if survey and kind != KIND}
    gone = sorted(known - said - set(listed))
    page = Page(cursors=[Cursor(survey, KIND, asked.now.isoformat()) for survey in gone])
    page.cursors += [Cursor(survey, KIND, "") for survey in sorted(said & set(listed))]
    page.warnings += [
        f"source '{asked.source.name}': the survey {survey} is not listed any more. It was deleted, or these "
        "credentials may not read it any more. What was read of it stays."
        for survey in gone
    ]
    if page.cursors:
        yield page


def none_left(asked: Asked, survey_id: str, mark: datetime) -> Iterator[Page]:
    """Warn, once, where a list without surveys gives nothing from a time on at which it gave something."""
    noted = mark.isoformat()
    if asked.since or asked.cursors.get((survey_id, KIND)) == noted:
        return
    words = (
        f"source '{asked.source.name}': what was read last (of {mark:%Y-%m-%d %H:%M} UTC) is not there any "
        "more. It was deleted, or these credentials may not read it any more. What was read of it stays."
    )
    yield Page(cursors=[Cursor(survey_id, KIND, noted)], warnings=[words])
