"""How values of files that know types are written as the text of a cell."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time
from typing import Any


def text_of(value: Any) -> str | None:
    """Give a value as text: whole numbers without `.0`, times in ISO 8601, lists and objects as JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=text_of)
    return str(value)


def _number(value: float) -> str | None:
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else str(value)
