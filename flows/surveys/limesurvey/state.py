"""How far a survey was read: which ids are known, up to when changes were seen, where it stopped."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from flows.surveys.limesurvey import ids
from flows.surveys.limesurvey.ids import Ids

READ, READING, LISTED, ASKED = "read", "reading", "listed", "asked"


@dataclass(frozen=True, slots=True)
class State:
    """Hold what the last whole reading of a survey left behind.

    `mark` is the time of the newest change seen, as the server writes it (empty: none). `is_dated` says
    that the survey keeps times of changes. `open` are ids of responses that were incomplete, `first` is the
    lowest known id with the time it was begun, `series` counts how often the survey began to number anew.
    """

    mark: str = ""
    is_dated: bool | None = None
    known: Ids = field(default_factory=ids.ids)
    open: Ids = field(default_factory=ids.ids)
    first: tuple[int, str] | None = None
    series: int = 0

    def position(self) -> str:
        """Write it as a cursor's position."""
        told = {
            "mark": self.mark,
            "dated": self.is_dated,
            "known": ids.written(self.known),
            "open": ids.written(self.open),
            "first": self.first,
            "series": self.series,
        }
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def at(cls, position: str) -> State | None:
        """Read a cursor's position; None for one that no reading left."""
        told = _told(position)
        if told is None or "known" not in told:
            return None
        first = told.get("first")
        return cls(
            str(told.get("mark") or ""),
            told.get("dated"),
            ids.read(told["known"]),
            ids.read(told.get("open")),
            (int(first[0]), str(first[1])) if first else None,
            int(told.get("series") or 0),
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """Say where a reading stands that was cut short.

    Of the ids that were to be read then (`listed`, a cursor of its own, as it is large and stays the same)
    those up to `last` were, as of `mark`.
    """

    mark: str
    last: int
    listed: Ids = field(default_factory=ids.ids)

    @property
    def read(self) -> Ids:
        """Give the ids that were read."""
        return self.listed[self.listed <= self.last]

    def after(self, earlier: Stop | None) -> Stop:
        """Carry on from where an earlier reading stopped: what that one read was read then, not now."""
        if earlier is None:
            return self
        return Stop(min(earlier.mark, self.mark), max(earlier.last, self.last))

    def position(self) -> str:
        """Write it as a cursor's position."""
        return json.dumps({"mark": self.mark, "last": self.last}, separators=(",", ":"))

    @classmethod
    def at(cls, position: str, listed: str) -> Stop | None:
        """Read the positions of two cursors; None where no reading stopped."""
        told = _told(position)
        if not told or not {"mark", "last"} <= told.keys():
            return None
        return cls(str(told["mark"]), int(told["last"]), ids.read(listed))


@dataclass(frozen=True, slots=True)
class Outline:
    """Remember a survey's outline by its digest, with the properties of its questions and the day of asking.

    The properties cost a call for each question, so they are asked for once a day, and when the outline
    changed: an idle run makes no such call.
    """

    digest: str
    day: str
    details: dict[str, dict[str, Any]]

    def position(self) -> str:
        """Write it as a cursor's position."""
        packed = zlib.compress(json.dumps(self.details, sort_keys=True).encode())
        told = {"digest": self.digest, "day": self.day, "details": base64.b64encode(packed).decode()}
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def at(cls, position: str) -> Outline | None:
        """Read a cursor's position; None where nothing was asked for yet."""
        told = _told(position) or {}
        try:
            details = json.loads(zlib.decompress(base64.b64decode(told["details"])))
            return cls(str(told["digest"]), str(told["day"]), details)
        except (KeyError, ValueError, zlib.error):
            return None


def _told(position: str) -> dict[str, Any] | None:
    try:
        told = json.loads(position)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
