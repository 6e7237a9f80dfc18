"""How far a survey was read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold the token of the export that was read last, when that began (aware), and a digest of its file."""

    token: str | None
    began: datetime
    said: str = ""

    def position(self) -> str:
        """Write it down for a cursor."""
        return json.dumps({"token": self.token, "began": self.began.isoformat(), "said": self.said})

    @classmethod
    def at(cls, position: str | None) -> Mark | None:
        """Read what `position` wrote; None for anything else."""
        try:
            found = json.loads(position or "")
            began = datetime.fromisoformat(found["began"]).astimezone(UTC)
            return cls(found["token"], began, str(found.get("said", "")))
        except (ValueError, KeyError, TypeError):
            return None
