"""What is read of one dataset, and how far it was read.

The only dates are those on which feedback was created, whole days; nothing tells of later changes. So a run
reads from three days before the newest day it has seen, and the first run of a day from thirty days before:
tags and edits of that time are then found, older ones by `collect --since`. A day is noted behind a page only
where the list came oldest first, else at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flows.records import Cursor, Page, Reject, Response
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.mopinion.datasets import Dataset, definition, fields_of
from flows.surveys.mopinion.items import Reader
from flows.surveys.mopinion.signed import Client
from flows.surveys.mopinion.walk import Step, Walk
from flows.surveys.templates import text_of

OVERLAP, LONG_OVERLAP = timedelta(days=3), timedelta(days=30)
_KIND = "feedback"


class Feedback:
    """Read one dataset of an account."""

    def __init__(self, asked: Asked, client: Client, envelope: Envelope, dataset: Dataset) -> None:
        """Take what is asked for, who asks, the envelope of its responses, and the dataset."""
        self._asked, self._client, self._envelope, self._dataset = asked, client, envelope, dataset
        zone = ZoneInfo(asked.source.timezone)
        self._today = asked.now.astimezone(zone).date()
        self._backfill = asked.since.astimezone(zone).date() if asked.since else None
        self._mark, self._looked = _noted(asked.cursors.get((dataset.id, _KIND), ""))

    def pages(self) -> Iterator[Page]:
        """Give the definition, then the feedback; raises Refused, Unfinished and other SourceErrors."""
        fields = fields_of(self._client, self._dataset.id)
        yield Page(definitions=[definition(self._dataset, fields)])
        by_key = {key: told for told in fields if (key := text_of(told.get("key")))}
        reader = Reader(self._asked.source, self._dataset, by_key, self._envelope)
        path = f"/datasets/{self._dataset.id}/feedback"
        newest = self._mark
        for step in Walk(self._client, path, reader.read, self._since()).steps():
            page = self._page(step)
            days = [item.day for item in step.items if item.day]
            newest = max([one for one in (newest, *days) if one], default=None)
            if step.until and not self._backfill:
                page.cursors.append(self._cursor(step.until, self._looked))
            yield page
        if not self._backfill:
            yield Page(cursors=[self._cursor(newest, self._today)])

    def _since(self) -> date | None:
        if self._backfill or self._mark is None:
            return self._backfill
        return self._mark - (OVERLAP if self._looked == self._today else LONG_OVERLAP)

    def _page(self, step: Step) -> Page:
        page = Page()
        for item in step.items:
            if isinstance(item.record, Reject):
                page.rejects.append(item.record)
            elif isinstance(item.record, Response):
                page.responses.append(item.record)
        return page

    def _cursor(self, day: date | None, looked: date | None) -> Cursor:
        # Feedback dated in the future must not hide what comes before it.
        days = [min(one, self._today) for one in (day, self._mark) if one]
        told = {"day": max(days).isoformat() if days else None, "looked": looked and looked.isoformat()}
        return Cursor(self._dataset.id, _KIND, json.dumps(told))


def _noted(position: str) -> tuple[date | None, date | None]:
    try:
        told = json.loads(position)
        return tuple(date.fromisoformat(told[name]) if told[name] else None for name in ("day", "looked"))  # type: ignore[return-value]
    except (ValueError, KeyError, TypeError):
        return None, None
