"""How Typeform pages: newest first, cut at a token, `since` and `until` inclusive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from demo.tools.local import Item, Refusal

TIME_FIELDS = {"completed": "submitted_at", "partial": "staged_at", "started": "landed_at"}


class Refused(Refusal):
    """Answer with this status and Typeform's error body."""

    def __init__(self, status: int, code: str, description: str, field: str = "") -> None:
        body: Item = {"code": code, "description": description}
        if field:
            body["details"] = [{"code": code, "description": description, "field": field, "in": "query"}]
        super().__init__(status, body)


def responses_page(items: Sequence[Item], query: Mapping[str, str]) -> Item:
    """Give one page of responses: filtered, sorted, cut at a token, at most `page_size` of them."""
    size = whole(query, "page_size", 25, 1, 1000)
    kinds = [kind for kind in query.get("response_type", "completed").split(",") if kind]
    if unknown := [kind for kind in kinds if kind not in TIME_FIELDS]:
        raise Refused(400, "VALIDATION_ERROR", f"response_type '{unknown[0]}' is not known.", "response_type")
    by = TIME_FIELDS[kinds[0]] if len(kinds) == 1 and kinds[0] != "started" else "landed_at"
    chosen = [item for item in items if item.get("response_type", "completed") in kinds]
    chosen = _between(chosen, by, query)
    ascending = _is_ascending(query, by)
    # The sorting is stable and the token decides between equal times, so that pages never overlap.
    chosen.sort(key=lambda item: (item.get(by) or "", item["token"]), reverse=not ascending)
    chosen = _beyond(chosen, query)
    return {"total_items": len(chosen), "page_count": -(-len(chosen) // size), "items": chosen[:size]}


def whole(query: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    """Read a whole number from the query; raises Refused (400) outside its limits."""
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise Refused(400, "VALIDATION_ERROR", f"{name} must lie between {low} and {high}.", name)
    return int(text)


def _is_ascending(query: Mapping[str, str], by: str) -> bool:
    if "sort" not in query:
        return False
    if "before" in query or "after" in query:
        raise Refused(400, "VALIDATION_ERROR", "sort cannot be combined with a token.", "sort")
    field, _, direction = query["sort"].partition(",")
    if field != by or direction not in ("asc", "desc", ""):
        raise Refused(400, "VALIDATION_ERROR", "this sort does not fit the response type.", "sort")
    return direction == "asc"


def _between(items: list[Item], by: str, query: Mapping[str, str]) -> list[Item]:
    since, until = _instant(query, "since"), _instant(query, "until")
    return [
        item
        for item in items
        if (not since or (item.get(by) or "") >= since) and (not until or (item.get(by) or "") <= until)
    ]


def _instant(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "")
    if not text:
        return ""
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdigit() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise Refused(400, "VALIDATION_ERROR", f"{name} '{text}' is no time.", name) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _beyond(items: list[Item], query: Mapping[str, str]) -> list[Item]:
    """Cut at a token, which is not given again: `before` leads to older items, `after` to newer ones."""
    for name in ("before", "after"):
        if token := query.get(name):
            place = next((number for number, item in enumerate(items) if item["token"] == token), None)
            if place is None:
                raise Refused(400, "VALIDATION_ERROR", f"the token in {name} is not one of this form.", name)
            # Newer ones come oldest first: the page behind the last one read, not the newest of all.
            return items[place + 1 :] if name == "before" else items[:place][::-1]
    return items
