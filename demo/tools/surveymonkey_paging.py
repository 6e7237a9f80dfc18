"""How SurveyMonkey pages: by number, with links to the pages around, times in UTC without an offset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from demo.tools.local import Item, Refusal


class Refused(Refusal):
    """Answer with this status and SurveyMonkey's error body, its id in text."""

    def __init__(
        self, status: int, error_id: str, name: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        error = {"id": error_id, "name": name, "message": message, "http_status_code": status}
        super().__init__(status, {"error": error}, headers)


def page_of(items: Sequence[Item], query: Mapping[str, str], here: str, *, largest: int) -> Item:
    """Give one page, at most `largest` items long; raises Refused (400) for a larger one."""
    page, size = whole(query, "page", 1, 10**9), whole(query, "per_page", 50, largest)
    last = max(-(-len(items) // size), 1)
    numbers = {"self": page, "first": 1, "last": last, "prev": page - 1, "next": page + 1}
    links = {
        name: f"{here}?{urlencode({**query, 'page': number, 'per_page': size})}"
        for name, number in numbers.items()
        if 1 <= number <= last or name == "self"
    }
    shown = list(items[(page - 1) * size : page * size])
    return {"data": shown, "per_page": size, "page": page, "total": len(items), "links": links}


def whole(query: Mapping[str, str], name: str, default: int, high: int) -> int:
    """Read a whole number from 1 on out of the query; raises Refused (400) outside its limits."""
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= high:
        raise Refused(400, "1003", "Bad Request", f"{name} must lie between 1 and {high}.")
    return int(text)


def between(items: Sequence[Item], by: str, named: str, query: Mapping[str, str]) -> list[Item]:
    """Keep what lies between `start_<named>` and `end_<named>`, both included."""
    start, end = _time(query, f"start_{named}"), _time(query, f"end_{named}")
    return [one for one in items if (not start or one[by][:19] >= start) and (not end or one[by][:19] <= end)]


def sorted_as_asked(items: list[Item], query: Mapping[str, str], allowed: Sequence[str]) -> list[Item]:
    """Sort by what `sort_by` names, stably; raises Refused (400) for what cannot be sorted by."""
    by, order = query.get("sort_by"), query.get("sort_order", "ASC")
    if by is not None and by not in allowed:
        raise Refused(400, "1003", "Bad Request", f"sort_by must be one of {', '.join(allowed)}.")
    if order not in ("ASC", "DESC"):
        raise Refused(400, "1003", "Bad Request", "sort_order must be ASC or DESC.")
    if by is None:
        return items
    name = {"num_responses": "response_count"}.get(by, by)
    return sorted(items, key=lambda one: (one.get(name) is not None, one.get(name)), reverse=order == "DESC")


def _time(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "")
    if not text:
        return ""
    try:
        return f"{datetime.strptime(text, '%Y-%m-%dT%H:%M:%S'):%Y-%m-%dT%H:%M:%S}"
    except ValueError:
        raise Refused(400, "1003", "Bad Request", f"{name} is no time like 2026-05-04T09:15:00.") from None
