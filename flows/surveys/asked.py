"""What a tool is asked for: which source, how far it was read, as of when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flows.configuration import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """Carry one source (its secrets filled in) and what is known of it.

    `cursors` maps (survey id, kind) to the position noted last; it is empty at first, and when the source is
    to be read again from its beginning. `now` and `since` are aware; `since` asks for a backfill from then
    on, whatever the cursors say. Relative paths count from `folder`.
    """

    source: Source
    now: datetime
    folder: Path
    cursors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    since: datetime | None = None
