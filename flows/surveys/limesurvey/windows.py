"""Whole responses, read in windows of ids; a window too large for the server is read in smaller ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from flows.records import Page, Reject
from flows.surveys.limesurvey import ids
from flows.surveys.limesurvey.exports import exported, id_of
from flows.surveys.limesurvey.ids import Ids
from flows.surveys.limesurvey.index import NEVER
from flows.surveys.limesurvey.people import People
from flows.surveys.limesurvey.remote import Remote
from flows.surveys.limesurvey.rows import Maker
from flows.surveys.templates import text_of
from flows.surveys.trouble import Oversized, Unanswered, Unfinished

SIZE = 500  # the server builds each file in memory
_GAP = 200  # so many ids that nobody asks for cost about as much as a request
_UNDATED = (
    "keeps no date stamps, so the survey {survey} cannot say when its responses were given and they are set "
    "aside. Switch `Date stamp` on in its settings (for new responses), or set submitted_at of this source."
)
_NOT_ASKED_FOR = (
    "gives responses of the survey {survey} that were not asked for; none of them is taken. Is there a cache "
    "between it and this machine? Let it keep no answers."
)


class Windows:
    """Read responses of one survey; afterwards tell what was learned meanwhile.

    `missing` are ids that were asked for and did not come. `is_dated` tells whether rows had date stamps,
    None where none was read.
    """

    def __init__(self, remote: Remote, survey_id: str, maker: Maker, descriptions: Any) -> None:
        """Take the survey, what makes its responses, and the names of its participants' attributes."""
        self._remote, self._id, self._maker = remote, survey_id, maker
        self._people = People(remote, survey_id, descriptions)
        self.missing: Ids = ids.ids()
        self.is_dated: bool | None = None
        self.warnings: list[str] = []

    def pages(self, wanted: Ids) -> Iterator[tuple[Page, int]]:
        """Give a page for each window, with the last id that it covers; raises Said and SourceError."""
        missing: list[int] = []
        place = 0
        while place < len(wanted):
            end = int(np.searchsorted(wanted, wanted[place] + SIZE))
            gaps = np.flatnonzero(np.diff(wanted[place:end]) > _GAP)
            end = place + int(gaps[0]) + 1 if len(gaps) else end
            some = wanted[place:end].tolist()
            rows = self._rows(some[0], some[-1])
            page = self._page(rows)
            came = {number for item in self._items(rows) if (number := id_of(item)) is not None}
            if came and not some[0] <= min(came) <= max(came) <= some[-1]:
                # An answer kept on the way to us: an index taken for responses would empty them.
                raise Unfinished(self._remote.sentence(_NOT_ASKED_FOR.format(survey=self._id)))
            missing += [number for number in some if number not in came]
            yield page, some[-1]
            place = end
        self.missing = ids.ids(missing)
        if self._people.warning:
            self.warnings.append(self._people.warning)

    def _rows(self, first: int, last: int) -> list[bytes]:
        try:
            return exported(self._remote, self._id, first, last)
        except Oversized as oversized:
            if first == last:
                self.warnings.append(f"{oversized} The response {last} was not read.")
                return []
        except Unanswered as unanswered:
            if first == last or (unanswered.status or 0) < 500:
                raise
        step = max((last - first) // 10, 1)
        return [
            row
            for begin in range(first, last + 1, step)
            for row in self._rows(begin, min(begin + step - 1, last))
        ]

    def _page(self, rows: list[bytes]) -> Page:
        items = list(self._items(rows))
        people = self._people.behind(token for item in items if (token := text_of(item.get("token"))))
        page = Page()
        for row in rows:
            made = self._maker.made(row, people)
            if isinstance(made, Reject):
                page.rejects.append(made)
            else:
                page.responses.append(made)
        if items:
            self.is_dated = "datestamp" in items[0]
        if not self.is_dated and any(item.get("submitdate") == NEVER for item in items):
            said = self._remote.sentence(_UNDATED.format(survey=self._id))
            if said not in self.warnings and self._maker.source.submitted_at is None:
                self.warnings.append(said)
        return page

    def _items(self, rows: list[bytes]) -> Iterator[dict[str, Any]]:
        for row in rows:
            try:
                item = msgspec.json.decode(row)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue
            if isinstance(item, dict):
                yield item
