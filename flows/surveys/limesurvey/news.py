"""What of an index is new: which responses to read whole, which vanished, and how far it then is read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from flows.surveys.limesurvey import ids
from flows.surveys.limesurvey.ids import Ids
from flows.surveys.limesurvey.index import Entry
from flows.surveys.limesurvey.state import State, Stop

OVERLAP = timedelta(hours=24)
_FORM = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Terms:
    """Say by what an entry is judged: the last reading, one that stopped, a backfill's first moment.

    `is_dated` says that the survey keeps times of changes; where it does not, `may_change` says that its
    complete responses can be edited. `since` and `now` are wall clocks of the server.
    """

    state: State
    stop: Stop | None
    is_dated: bool
    may_change: bool
    now: str
    since: str = ""

    def wants(self, entry: Entry, known: set[int], still_open: set[int]) -> bool:
        """Tell whether a response must be read."""
        if self.since:
            return not entry.touched_at or entry.touched_at >= self.since
        if self.stop and entry.id <= self.stop.last:
            return bool(entry.touched_at) and entry.touched_at >= before(self.stop.mark)
        if entry.id not in known:
            return True
        if self.is_dated:
            return not entry.touched_at or entry.touched_at >= before(self.state.mark)
        return self.may_change or not entry.is_complete or entry.id in still_open


@dataclass(slots=True)
class News:
    """Carry what was found: ids to read, by rising number, and what the next state is made of."""

    wanted: Ids = field(default_factory=ids.ids)
    present: Ids = field(default_factory=ids.ids)
    open: Ids = field(default_factory=ids.ids)
    mark: str = ""
    first: tuple[int, str] | None = None
    begins_anew: bool = False

    def vanished(self, state: State) -> Ids:
        """Give the ids that were known and are there no more; none where not one of them is left.

        A survey that was switched off and on again begins with an empty table: what it had is no deletion.
        """
        gone = np.setdiff1d(state.known, self.present)
        return gone if len(gone) < len(state.known) and not self.begins_anew else ids.ids()

    def is_emptied(self, state: State) -> bool:
        """Tell whether nothing is left of what was known."""
        return len(state.known) > 0 and not self.begins_anew and not np.isin(state.known, self.present).any()


def news_in(entries: Iterable[Entry], terms: Terms) -> News:
    """Go through an index by rising ids, once."""
    known, still_open = set(terms.state.known.tolist()), set(terms.state.open.tolist())
    wanted, present, unfinished = array("q"), array("q"), array("q")
    news, first = News(), terms.state.first
    for entry in entries:
        news.first = news.first or (entry.id, entry.begun_at)
        if first and entry.id == first[0] and entry.begun_at and first[1]:
            news.begins_anew = entry.begun_at != first[1]
        if terms.wants(entry, known, still_open):
            wanted.append(entry.id)
        present.append(entry.id)
        if not entry.is_complete:
            unfinished.append(entry.id)
        news.mark = max(news.mark, entry.touched_at)
    news.present, news.open = ids.ids(present), ids.ids(unfinished)
    news.wanted = news.present if news.begins_anew and not terms.since else ids.ids(wanted)
    # A response dated in the future must not hide those that come before it.
    news.mark = min(news.mark, terms.now) or terms.state.mark
    news.first = news.first or first
    return news


def before(mark: str) -> str:
    """Give the wall clock a day earlier: the tool shows answers late, and clocks are set back."""
    try:
        return (datetime.strptime(mark, _FORM) - OVERLAP).strftime(_FORM)
    except (ValueError, OverflowError):
        return ""


def wall_clock(moment: datetime) -> str:
    """Write a time as the server would."""
    return moment.strftime(_FORM)
