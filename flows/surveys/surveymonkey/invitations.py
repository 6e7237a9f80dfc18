"""Whom a collector asked by e-mail or text message, and what became of it.

The counts of a collector are asked for when a person it invited answered, so a run that brings nothing costs
nothing: its creation, then its recipients, a thousand a request. Who did not answer is known by that, and a
sending that nobody answered yet is not told. The API does not say when each letter went out; all count at the
time the collector was made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flows.records import Cursor, Invitation, Page, Response
from flows.surveys.asked import Asked
from flows.surveys.listings import json_object, listed
from flows.surveys.moments import moment
from flows.surveys.session import Session
from flows.surveys.surveymonkey.surveys import has_next
from flows.surveys.templates import Unfit, text_of
from flows.surveys.told import hash_of, object_of
from flows.surveys.trouble import Refused

_SIZE = 1000
_MOST_PAGES = 1000
_KIND = "invited"
_OF_RECIPIENT = re.compile(rb'"recipient_id"\s*:\s*"?[^",}\s]')
_UTC = ZoneInfo("UTC")


class Invited:
    """Note which collectors invited those who answered, and tell what became of their invitations."""

    def __init__(self, asked: Asked, session: Session, survey_id: str) -> None:
        """Take what is asked for, the session and the survey's id."""
        self._asked, self._session, self._id = asked, session, survey_id
        self._newest: dict[str, str] = {}

    def note(self, response: Response) -> None:
        """Look whether a person who was invited gave a response."""
        if not _OF_RECIPIENT.search(response.payload):  # most came by a link
            return
        told = object_of(response.payload)
        collector, changed = text_of(told.get("collector_id")), text_of(told.get("date_modified"))
        if text_of(told.get("recipient_id")) and collector and changed:
            self._newest[collector] = max(changed, self._newest.get(collector, ""))

    def pages(self) -> Iterator[Page]:
        """Give the invitations of the collectors whose people answered anew; raises SourceError."""
        for collector, changed in self._newest.items():
            kind = f"{_KIND}/{collector}"
            if self._asked.cursors.get((self._id, kind), "") >= changed:
                continue
            page = Page()
            try:
                page.invitations.append(self._invitation(collector))
            except Refused as refused:
                if refused.status == 401:
                    raise
                # An app without the scope collectors_read, or a collector that is gone: answers are there.
                page.warnings.append(str(refused))
            except Unfit as unfit:
                path = f"/collectors/{collector}"
                page.warnings.append(self._session.sentence(path, f"tells no invitations: {unfit}."))
            if not self._asked.since:
                page.cursors.append(Cursor(self._id, kind, changed))
            yield page

    def _invitation(self, collector: str) -> Invitation:
        path = f"/collectors/{quote(collector, safe='')}"
        told = object_of(self._session.get(path, {}, json_object))
        at: datetime = moment(text_of(told.get("date_created")) or "", None, _UTC)
        counts = self._counts(f"{path}/recipients")
        payload = json.dumps(dict(zip(("invited", "started", "completed"), counts, strict=True))).encode()
        return Invitation(self._id, collector, payload, hash_of((at, counts)), at, *counts)

    def _counts(self, path: str) -> tuple[int, int, int]:
        """Count who was asked, began and finished; whose letter is not out yet was not asked."""
        known: dict[str, tuple[bool, bool, bool]] = {}
        for page in range(1, _MOST_PAGES + 1):
            params = {
                "page": str(page),
                "per_page": str(_SIZE),
                "include": "survey_response_status,mail_status",
            }
            found = self._session.get(path, params, partial(listed, name="data"))
            before = len(known)
            for raw in found.items:
                told = object_of(raw)
                status = text_of(told.get("survey_response_status")) or ""
                is_done, is_begun = status == "completely_responded", status.endswith("ly_responded")
                is_out = is_begun or told.get("mail_status") not in ("not_sent", "processing")
                known[text_of(told.get("id")) or ""] = (is_out, is_begun, is_done)
            if not has_next(found, page, _SIZE) or len(known) == before:
                break
        invited, started, completed = (sum(one[place] for one in known.values()) for place in range(3))
        return invited, started, completed
