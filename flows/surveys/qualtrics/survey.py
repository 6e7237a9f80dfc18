"""What is read of one survey, in which order, and how far it was read.

First the responses that are still open, all of them each time: the tool has no cursor for these, and they are
few, as the survey closes them after a while. Then the recorded ones: those that came or changed since the
token of the last export; where there is none, or it is refused, since a day before that export began.
In this order a response that was recorded meanwhile ends as the recorded one.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.records import Cursor, Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.envelope import Envelope
from flows.surveys.qualtrics.export import KEPT_FOR, Export, Job, Ready
from flows.surveys.qualtrics.items import read_item
from flows.surveys.qualtrics.unpacked import lines_of
from flows.surveys.trouble import Refused, Unfinished

OVERLAP = timedelta(hours=24)
KIND, JOB = "responses", "job"
_SIZE, _BYTES = 1000, 16_000_000  # of one page of responses
_STARTS = 3
_BY_CHANGE = {"sortByLastModifiedDate": True}


@dataclass(frozen=True, slots=True)
class Mark:
    """Say how far a survey was read: the token of its last export, and when that began (aware)."""

    token: str | None
    began: datetime

    def position(self) -> str:
        """Write it down for a cursor."""
        return json.dumps({"token": self.token, "began": self.began.isoformat()})

    @classmethod
    def at(cls, position: str | None) -> Mark | None:
        """Read what `position` wrote; None for anything else."""
        try:
            found = json.loads(position or "")
            return cls(found["token"], datetime.fromisoformat(found["began"]).astimezone(UTC))
        except (ValueError, KeyError, TypeError):
            return None


class Survey:
    """Read the responses of one survey."""

    def __init__(self, asked: Asked, export: Export, envelope: Envelope, survey_id: str) -> None:
        """Take what is asked for, the survey's exports, the envelope of its responses, and its id."""
        self._asked, self._export, self._envelope, self._id = asked, export, envelope, survey_id
        self._mark = Mark.at(asked.cursors.get((survey_id, KIND)))

    def pages(self) -> Iterator[Page]:
        """Give the open responses, then the recorded ones. Raises Refused, Unfinished, SourceError."""
        try:
            yield from self._open()
        except Refused as refused:
            if refused.status != 400:
                raise
            # Not every account may read them; the recorded ones are read all the same.
            yield Page(warnings=[str(refused)])
        if self._asked.since:
            wanted = {**_BY_CHANGE, "startDate": _text(self._asked.since)}
            _, ready = yield from self._ready(wanted, None)
            yield from self._read(ready, is_open=False)
            return
        job, ready = yield from self._recorded()
        yield from self._read(ready, is_open=False)
        mark = Mark(ready.token, job.began)
        yield Page(cursors=[Cursor(self._id, KIND, mark.position()), Cursor(self._id, JOB, "")])

    def _open(self) -> Iterator[Page]:
        _, ready = yield from self._ready({"exportResponsesInProgress": True}, None)
        yield from self._read(ready, is_open=True)

    def _recorded(self) -> Generator[Page, None, tuple[Job, Ready]]:
        """Export what is new, from the token on while it holds."""
        mark, now = self._mark, self._asked.now
        noted = Job.at(self._asked.cursors.get((self._id, JOB)), now)
        if mark and mark.token and now - mark.began < KEPT_FOR:
            try:
                return (yield from self._ready({**_BY_CHANGE, "continuationToken": mark.token}, noted))
            except Refused as refused:
                if refused.status not in (400, 404):
                    raise
                noted = None  # the token is too old, or of other options
        window = {"startDate": _text(mark.began - OVERLAP)} if mark else {}
        return (yield from self._ready({**_BY_CHANGE, "allowContinuation": True, **window}, noted))

    def _ready(self, wanted: dict[str, Any], noted: Job | None) -> Generator[Page, None, tuple[Job, Ready]]:
        """Start a job, or go on with the one noted, and wait for it; another where it failed."""
        for _ in range(_STARTS):
            job = noted
            if job is None:
                job, notice = self._export.start(wanted, self._asked.now)
                if notice:
                    yield Page(warnings=[self._export.sentence(f"remarks: {notice}")])
                if _is_noted(wanted):
                    yield Page(cursors=[Cursor(self._id, JOB, job.position())])
            try:
                if ready := self._export.wait(job):
                    return job, ready
            except Refused as refused:
                if refused.status != 404 or noted is None:
                    raise
            noted = None
        words = f"failed {_STARTS} times. The tool makes no file above 1.8 GB; read it in parts with --since."
        raise Unfinished(self._export.sentence(words))

    def _read(self, ready: Ready, *, is_open: bool) -> Iterator[Page]:
        """Give the responses of a file; one that is gone or damaged is not asked for again."""
        try:
            yield from self._lines(ready, is_open=is_open)
        except (Refused, Unreadable) as fault:
            if isinstance(fault, Refused) and fault.status != 404:
                raise
            words = self._export.sentence(f"cannot be read to its end: {str(fault).rstrip('.')}.")
        else:
            return
        if not self._asked.since:
            yield Page(cursors=[Cursor(self._id, JOB, "")])
        raise Unfinished(words)

    def _lines(self, ready: Ready, *, is_open: bool) -> Iterator[Page]:
        page, size = Page(), 0
        with self._export.file(ready) as file:
            for line in lines_of(file):
                if line.is_whole:
                    record = read_item(line.raw, self._id, self._envelope, is_open=is_open)
                else:
                    reason = "it is longer than what is read of one response; this is its beginning"
                    record = Reject(self._id, reason, line.raw)
                if isinstance(record, Reject):
                    page.rejects.append(record)
                else:
                    page.responses.append(record)
                size += len(line.raw)
                if len(page.responses) + len(page.rejects) >= _SIZE or size >= _BYTES:
                    yield page
                    page, size = Page(), 0
        if page.responses or page.rejects:
            yield page


def _is_noted(wanted: dict[str, Any]) -> bool:
    """Tell whether a job moves a cursor: those of open responses and of backfills do not."""
    return "continuationToken" in wanted or "allowContinuation" in wanted


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
