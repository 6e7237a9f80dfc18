"""Answers that come between two runs while a clock is wrong, or in the hour that a zone has twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.tools.limesurvey import FakeLimeSurvey
from demo.tools.local import LocalTool
from demo.tools.mopinion import FakeMopinion

from .collecting import Item, Store
from .conftest import BEGAN
from .fault_tools import Tool

BERLIN = "Europe/Berlin"
TWICE = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)  # half past two, half an hour before it is two again
_WRITTEN = re.compile(r"2026-05-04([T ])09:(\d\d):00")
_DAY = re.compile(r'"2026-05-04"')


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Say when twelve answers come, five minutes apart, as the tool's clock and ours show it.

    Six are there at the first run; the others come before the second, when every clock is right.
    """

    begin: datetime = BEGAN
    ours: timedelta = timedelta()
    theirs: timedelta = timedelta()
    zone: str = "UTC"


ARRIVALS = {
    "answers that come in the hour a zone has twice": Arrivals(TWICE, zone=BERLIN),
    "answers that come while our clock is fifteen hours slow": Arrivals(ours=-timedelta(hours=15)),
    "answers that come while our clock is an hour fast": Arrivals(ours=timedelta(hours=1)),
    "answers that come while the tool's clock is an hour fast": Arrivals(theirs=timedelta(hours=1)),
}


def arriving(way: Arrivals, one: Tool, tool: LocalTool, store: Store) -> tuple[Store, Callable[[], datetime]]:
    """Leave a tool with the first six, its clock as it is now; gives the store and what brings the others.

    What brings them gives the time of the second run.
    """
    items = one.items(tool)
    items[:] = [_at(item, way, number) for number, item in enumerate(items)]
    later, items[6:] = items[6:], []
    local = isinstance(tool, FakeLimeSurvey | FakeMopinion)
    if local and way.zone != "UTC":
        tool.zone = way.zone  # type: ignore[attr-defined]
        store = store.changed(timezone=way.zone)

    def shows(now: datetime) -> datetime:
        tool.now = None if local else now
        return now

    def others() -> datetime:
        items.extend(later)
        return shows(way.begin + timedelta(hours=2))

    shows(way.begin + timedelta(minutes=29) + way.theirs)
    return store, others


def _at(item: Item, way: Arrivals, number: int) -> Item:
    """Give an item the time at which it comes, as the tool writes times."""
    came = way.begin + timedelta(minutes=5 * number) + (way.theirs if number < 6 else timedelta())
    wall = came.astimezone(ZoneInfo(way.zone))

    def written(found: re.Match[str]) -> str:
        moment = wall if found[1] == " " else came  # without a T it is the time of the server
        return f"{moment:%Y-%m-%d}{found[1]}{moment:%H:%M:%S}"

    moved: Any = json.loads(_DAY.sub(f'"{wall:%Y-%m-%d}"', _WRITTEN.sub(written, json.dumps(item))))
    return moved
