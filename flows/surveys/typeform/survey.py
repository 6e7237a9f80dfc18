"""What is read of one form, in which order, and how far it was read.

Completed and partial responses are two lists with watermarks of their own, the newest time seen. Each run
reads again what lies a day before them, as the tool shows answers late. A walk notes behind each page where
it stands, and its watermark only at its end, since the newest come first.

A partial response must never replace the completed one it became. The first reading takes partial ones
first, so that completed ones come later and count. Afterwards completed ones are read first, back to where
the partial ones begin, and a partial one whose token was completed is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from flows.records import Cursor, Page, Responses
from flows.surveys.asked import Asked
from flows.surveys.said import host_of
from flows.surveys.session import Session
from flows.surveys.trouble import Refused
from flows.surveys.typeform.forms import definition_page
from flows.surveys.typeform.items import COMPLETED, PARTIAL, Reader
from flows.surveys.typeform.walk import Place, Step, Walk, time_of

OVERLAP = timedelta(hours=24)


class Survey:
    """Read one form of an account."""

    def __init__(self, asked: Asked, session: Session, reader: Reader, form_id: str) -> None:
        """Take what is asked for, the session, what reads its responses, and the form's id."""
        self._asked, self._session, self._reader, self._id = asked, session, reader, form_id
        self._path = f"/forms/{quote(form_id, safe='')}"
        self._marks = {kind: self._noted(kind) for kind in (COMPLETED, PARTIAL)}
        self._walking = {kind for kind in self._marks if self._stopped(kind)}
        self._completed: set[str] | None = None
        self._count = 0

    def pages(self, host: str) -> Iterator[Page]:
        """Give the definition, then the responses; warn where another host than this one may have them.

        Raises Refused, Unfinished and other SourceErrors; what was given before them stays true.
        """
        page, address = definition_page(self._session, self._id, self._path)
        yield page
        yield from self._responses()
        if address and host_of(address) != host and not self._count and not any(self._marks.values()):
            elsewhere = f"names {host_of(address)} for its responses, and here it has none."
            mend = "If it has answers, the account is of another region: set base_url to that host."
            yield Page(warnings=[self._session.sentence(self._path, f"{elsewhere} {mend}")])

    def _responses(self) -> Iterator[Page]:
        if self._asked.since:
            for kind in (PARTIAL, COMPLETED):
                yield from self._walk(kind, Place(cutoff=self._asked.since))
            return
        had_partial = self._marks[PARTIAL] is not None
        if not had_partial:
            yield from self._walk(PARTIAL, self._stopped(PARTIAL) or Place())
        stopped = self._stopped(COMPLETED)
        if stopped or self._marks[COMPLETED] is None:
            yield from self._walk(COMPLETED, stopped or Place())
            if not stopped:
                return
        yield from self._what_is_new(had_partial)

    def _what_is_new(self, had_partial: bool) -> Iterator[Page]:
        marks = [mark for mark in self._marks.values() if mark]
        self._completed = set()
        yield from self._walk(COMPLETED, Place(cutoff=min(marks) - OVERLAP if marks else None))
        if had_partial and (mark := self._marks[PARTIAL]):
            yield from self._walk(PARTIAL, self._stopped(PARTIAL) or Place(cutoff=mark - OVERLAP))

    def _walk(self, kind: str, place: Place) -> Iterator[Page]:
        read = partial(self._reader.read, survey_id=self._id, kind=kind)
        try:
            for step in Walk(self._session, f"{self._path}/responses", kind, read, place).steps():
                self._count += len(step.told)
                yield self._page(kind, step)
        except Refused as refused:
            if kind != PARTIAL or refused.status not in (400, 402):
                raise
            # Not every plan has them; the completed ones are read all the same.
            yield Page(warnings=[str(refused)])

    def _page(self, kind: str, step: Step) -> Page:
        told = step.told
        told.keep(self._wanted(kind, told.responses))
        warnings = [step.warning] if step.warning else []
        page = Page(responses=told.responses, rejects=told.rejects, warnings=warnings)
        if not self._asked.since:
            page.cursors = self._cursors(kind, step)
        return page

    def _wanted(self, kind: str, responses: Responses) -> Iterable[int]:
        columns = responses.columns
        named = zip(columns["response_id"], columns["is_complete"], strict=True)
        if kind == COMPLETED:
            if self._completed is not None:
                self._completed.update(own for own, is_complete in named if is_complete)
            return range(len(responses))
        # A tool that does not know `response_type` gives completed ones here too: the other list has them.
        completed = self._completed or ()
        return [at for at, (own, is_complete) in enumerate(named) if not is_complete and own not in completed]

    def _cursors(self, kind: str, step: Step) -> list[Cursor]:
        if not step.is_last:
            self._walking.add(kind)
            return [Cursor(self._id, f"{kind}/walk", step.place.position())]
        seen = [self._marks[kind], step.place.newest]
        if kind == PARTIAL and self._completed is not None:
            # Read after the completed ones, so it was whole up to the newest of them. Without this a form
            # with few partial responses would be read from the last of them on, for ever.
            seen.append(self._marks[COMPLETED])
        cursors = []
        if known := [moment for moment in seen if moment]:
            # An answer dated in the future must not hide those that come before it.
            self._marks[kind] = mark = min(max(known), self._asked.now)
            cursors.append(Cursor(self._id, kind, mark.isoformat()))
        if kind in self._walking:
            cursors.append(Cursor(self._id, f"{kind}/walk", ""))
            self._walking.discard(kind)
        return cursors

    def _noted(self, kind: str) -> datetime | None:
        try:
            return time_of(self._asked.cursors.get((self._id, kind)))
        except ValueError:
            return None

    def _stopped(self, kind: str) -> Place | None:
        return Place.at(self._asked.cursors.get((self._id, f"{kind}/walk"), ""))
