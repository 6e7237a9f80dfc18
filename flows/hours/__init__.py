"""Working time: when a calendar is open in a zone, and what follows for deadlines.

A minute is open when its wall clock in the zone lies in a shift of that local weekday and the local date is
no holiday. SQL and the desk only add up what `openings` computes.
"""

from __future__ import annotations

from flows.hours.deadlines import due_at, open_seconds
from flows.hours.openings import openings

__all__ = ["due_at", "open_seconds", "openings"]
