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
class Known:
    """Hold ids for looking up: all that were read, the incomplete ones, those of a reading cut short."""

    read: set[int]
    open: set[int]
    begun: set[int]


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

    def wants(self, entry: Entry, known: Known) -> bool:
        """Tell whether a response must be read."""
        if self.since:
            return not entry.touched_at or entry.touched_at >= self.since
        if self.stop and entry.id in known.begun:
            return bool(entry.touched_at) and entry.touched_at >= before(self.stop.mark)
        if entry.id not in known.read:
            return True
        if self.is_dated:
            return not entry.touched_at or entry.touched_at >= before(self.state.mark)
        return self.may_change or not entry.is_complete or entry.id in known.open


@dataclass(slots=True)
class News:
    """Carry what was found: ids to read, by rising number, and what the next state is made of."""

    wanted: Ids = field(default_factory=ids.ids)
    present: Ids = field(default_factory=ids.ids)
    open: Ids = field(default_factory=ids.ids)
    mark: str = ""
    oldest: str = ""
    first: tuple[int, str] | None = None
    begins_anew: bool = False

    def vanished(self, state: State) -> Ids:
        """Give the ids that were known and are there no more: responses that were deleted."""
        is_same = not self.begins_anew and not self.is_emptied(state)
        return np.setdiff1d(state.known, self.present) if is_same else ids.ids()

    def is_emptied(self, state: State) -> bool:
        """Tell whether the survey was switched off and on again, which leaves its old responses elsewhere.

        Then none of those known is left, and nothing that is there is as old as they are.
        """
        if self.begins_anew or not len(state.known) or np.isin(state.known, self.present).any():
            return False
        return not self.oldest or self.oldest > state.mark


def news_in(entries: Iterable[Entry], terms: Terms) -> News:
    """Go through an index by rising ids, once."""
    begun = terms.stop.read.tolist() if terms.stop else ()
    known = Known(set(terms.state.known.tolist()), set(terms.state.open.tolist()), set(begun))
    wanted, present, unfinished = array("q"), array("q"), array("q")
    news, first = News(), terms.state.first
    for entry in entries:
        news.first = news.first or (entry.id, entry.begun_at)
        if first and entry.id == first[0] and entry.begun_at and first[1]:
            news.begins_anew = entry.begun_at != first[1]
        is_wanted = terms.wants(entry, known)
        if is_wanted:
            wanted.append(entry.id)
        present.append(entry.id)
        # Without dates nobody knows what became meanwhile of one read before a reading stopped: next time.
        if not entry.is_complete or (entry.id in known.begun and not is_wanted):
            unfinished.append(entry.id)
        news.mark = max(news.mark, entry.touched_at)
        if entry.begun_at and (not news.oldest or entry.begun_at < news.oldest):
            news.oldest = entry.begun_at
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
