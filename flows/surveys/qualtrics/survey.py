"""What is read of one survey, in which order, and how far it was read.

First the responses that are still open, all of them each time: the tool has no cursor for these, and they are
few, as the survey closes them after a while. Then the recorded ones: those that came or changed since the
token of the last export; where there is none, or it is refused, since a day before that export began.
In this order a response that was recorded meanwhile ends as the recorded one.

A file does not say which export it is of, and a cache between may hand out another's. So one that is empty,
or says what an earlier one said, moves no cursor: to ask for nothing once more costs nothing.

The tool makes no file above 1.8 GB and only says that such an export failed: then the time is halved, and
halved again, until its parts come out.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from flows.records import Cursor, Page, Reject
from flows.surveys.asked import Asked
from flows.surveys.body import Unreadable
from flows.surveys.envelope import Envelope
from flows.surveys.qualtrics.export import KEPT_FOR, Export, Job, Ready
from flows.surveys.qualtrics.items import read_item
from flows.surveys.qualtrics.mark import Mark
from flows.surveys.qualtrics.unpacked import lines_of
from flows.surveys.trouble import Refused, Unfinished

OVERLAP = timedelta(hours=24)
KIND, JOB = "responses", "job"
_SIZE, _BYTES = 1000, 16_000_000  # of one page of responses
_STARTS = 3
_MOST_FAILED = 40  # halvings are about size; a tool that is broken fails more often
_EARLIEST = datetime(2002, 1, 1, tzinfo=UTC)  # there was no Qualtrics before
_SHORTEST = timedelta(hours=1)
_BY_CHANGE = {"sortByLastModifiedDate": True}


class Survey:
    """Read the responses of one survey."""

    def __init__(self, asked: Asked, export: Export, envelope: Envelope, survey_id: str) -> None:
        """Take what is asked for, the survey's exports, the envelope of its responses, and its id."""
        self._asked, self._export, self._envelope, self._id = asked, export, envelope, survey_id
        self._mark = Mark.at(asked.cursors.get((survey_id, KIND)))
        self._noted = Job.at(asked.cursors.get((survey_id, JOB)), asked.now)
        self._failed = 0
        self._said = ""  # digest of the file read last; empty of one without responses

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
            yield from self._told((yield from self._ready(wanted, None)), self._asked.since)
            return
        is_over, of_open = False, self._said
        while not is_over:
            # A job that was noted tells what was there when it was started: what came since comes behind it.
            is_over = self._noted is None
            first = self._mark.began - OVERLAP if self._mark else _EARLIEST
            found = yield from self._recorded()
            yield from self._told(found, first)
            yield self._behind(found, of_open)

    def _behind(self, found: tuple[Job, Ready] | None, of_open: str) -> Page:
        """Move the cursor behind an export whose file says something of its own."""
        page = Page(cursors=[Cursor(self._id, JOB, "")])
        known = ("", of_open, self._mark.said if self._mark else "")
        if found is None or self._said not in known:
            job, ready = found or (None, None)
            mark = Mark(ready.token, job.began, self._said) if job and ready else None
            self._mark = mark or Mark(None, self._asked.now)
            page.cursors.append(Cursor(self._id, KIND, self._mark.position()))
        elif self._mark is None and (counted := self._export.counted()):
            words = f"gave a file without the {counted:,} responses that the survey counts"
            page.warnings.append(self._export.sentence(f"{words}. The next run asks for all of them again."))
        return page

    def _told(self, found: tuple[Job, Ready] | None, first: datetime) -> Iterator[Page]:
        """Give what an export holds; where it failed, what changed since a time, in parts."""
        if found:
            yield from self._read(found[1], is_open=False)
        else:
            yield from self._in_parts(first, self._asked.now + OVERLAP)

    def _open(self) -> Iterator[Page]:
        found = yield from self._ready({"exportResponsesInProgress": True}, None)
        if found is None:
            raise Unfinished(self._export.sentence(f"(of those still open) failed {_STARTS} times."))
        yield from self._read(found[1], is_open=True)

    def _in_parts(self, first: datetime, last: datetime) -> Iterator[Page]:
        """Read what changed within a time, in halves where one export fails."""
        middle = first + (last - first) / 2
        for start, end in ((first, middle), (middle, last)):
            if self._failed > _MOST_FAILED:
                words = f"failed {self._failed} times, also in parts. Try again later, or ask Qualtrics."
                raise Unfinished(self._export.sentence(words))
            window = {"startDate": _text(start), "endDate": _text(end)}
            found = yield from self._ready({**_BY_CHANGE, **window}, None, starts=1)
            if found:
                yield from self._read(found[1], is_open=False)
            elif end - start > _SHORTEST:
                yield from self._in_parts(start, end)
            else:
                words = f"of {_text(start)} to {_text(end)} failed, an hour that is too much for one file."
                raise Unfinished(self._export.sentence(words))

    def _recorded(self) -> Generator[Page, None, tuple[Job, Ready] | None]:
        """Export what is new, from the token on while it holds."""
        mark, now = self._mark, self._asked.now
        noted, self._noted = self._noted, None
        if mark and mark.token and now - mark.began < KEPT_FOR:
            try:
                return (yield from self._ready({**_BY_CHANGE, "continuationToken": mark.token}, noted))
            except Refused as refused:
                if refused.status not in (400, 404):
                    raise
                noted = None  # the token is too old, or of other options
        window = {"startDate": _text(mark.began - OVERLAP)} if mark else {}
        return (yield from self._ready({**_BY_CHANGE, "allowContinuation": True, **window}, noted))

    def _ready(
        self, wanted: dict[str, Any], noted: Job | None, *, starts: int = _STARTS
    ) -> Generator[Page, None, tuple[Job, Ready] | None]:
        """Start a job, or go on with the one noted, and wait for it; None where it and all others failed."""
        for _ in range(starts):
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
            self._failed += 1
        return None

    def _read(self, ready: Ready, *, is_open: bool) -> Iterator[Page]:
        """Give the responses of a file; one that is gone or damaged is not asked for again."""
        try:
            yield from self._lines(ready, is_open=is_open)
            return
        except (Refused, Unreadable) as fault:
            if isinstance(fault, Refused) and fault.status != 404:
                raise
            why = "its file is gone (HTTP 404)" if isinstance(fault, Refused) else str(fault).rstrip(".")
        if not self._asked.since:
            yield Page(cursors=[Cursor(self._id, JOB, "")])
        words = f"cannot be read to its end: {why}. The next run makes a new export."
        raise Unfinished(self._export.sentence(words))

    def _lines(self, ready: Ready, *, is_open: bool) -> Iterator[Page]:
        page, size, said, found = Page(), 0, blake2b(digest_size=8), False
        with self._export.file(ready) as file:
            for line in lines_of(file):
                said.update(line.raw)
                found = True
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
        self._said = said.hexdigest() if found else ""


def _is_noted(wanted: dict[str, Any]) -> bool:
    """Tell whether a job moves a cursor: those of open responses and of backfills do not."""
    return "continuationToken" in wanted or "allowContinuation" in wanted


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
