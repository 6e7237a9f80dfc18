"""A local server that speaks HubSpot's API of feedback submissions as documented, refusals included."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from demo.tools.local import Faulty, Item, LocalTool, Refusal, Request

_CHANGED = "hs_lastmodifieddate"
_ALWAYS = ("hs_createdate", _CHANGED, "hs_object_id")
_MOST_FOUND = 10_000


class Refused(Refusal):
    """Answer with this status and HubSpot's error body."""

    def __init__(self, status: int, category: str, message: str) -> None:
        super().__init__(status, {"status": "error", "message": message, "category": category})


class FakeHubSpot(LocalTool):
    """Serve the submissions of an account on a free local port, in threads of its own, until `close`.

    Its `url` is what stands before `/crm/v3`. `archived` holds what was deleted.
    """

    def __init__(
        self,
        submissions: Sequence[Item],
        properties: Sequence[Item],
        token: str = "pat_local",  # noqa: S107 (opens nothing but this server)
        *,
        archived: Sequence[Item] = (),
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take submissions with all their properties, what these are, and the token to ask for."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.submissions, self.properties, self.archived = list(submissions), list(properties), list(archived)
        self.token = token
        self.searches: list[Item] = []

    def answer(self, request: Request) -> Item:
        """Answer one request, or raise Refusal."""
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        match request.method, request.path:
            case "GET", "/crm/v3/properties/feedback_submissions":
                return {"results": self.properties}
            case "GET", "/crm/v3/objects/feedback_submissions":
                return self._list(request.query)
            case "POST", "/crm/v3/objects/feedback_submissions/search":
                try:
                    asked = json.loads(request.body)
                except ValueError:
                    raise Refused(400, "VALIDATION_ERROR", "The body is no JSON.") from None
                self.searches.append(asked)
                return self.search(asked)
        raise Refused(404, "OBJECT_NOT_FOUND", "There is nothing at this address.")

    def search(self, asked: Item) -> Item:
        """Find submissions, sorted and cut; raises Refusal behind 10,000 of them."""
        after, limit = str(asked.get("after", "0")), asked.get("limit", 10)
        if not isinstance(limit, int) or not 1 <= limit <= 200 or not after.isdigit():
            raise Refused(400, "VALIDATION_ERROR", "limit must lie between 1 and 200.")
        if int(after) + limit > _MOST_FOUND and int(after) >= _MOST_FOUND:
            raise Refused(400, "VALIDATION_ERROR", "A search does not reach behind 10000 results.")
        filters = [one for group in asked.get("filterGroups", []) for one in group["filters"]]
        found = [one for one in self._visible() if all(self.fits(one, each) for each in filters)]
        for by in asked.get("sorts", []):
            found.sort(
                key=lambda one: str(one["properties"].get(by["propertyName"])),
                reverse=by["direction"] == "DESCENDING",
            )
        return self.page(found, int(after), limit, asked.get("properties", []))

    def fits(self, item: Item, asked: Mapping[str, str]) -> bool:
        """Tell whether a submission is what a filter asks for; raises Refusal for what cannot be asked."""
        value = item["properties"].get(asked["propertyName"])
        match asked["operator"]:
            case "EQ":
                return bool(value == asked["value"])
            case "GTE" if asked["value"].isdigit():
                return value is not None and milliseconds(value) >= int(asked["value"])
        raise Refused(400, "VALIDATION_ERROR", "The filter is not valid.")

    def page(self, found: Sequence[Item], after: int, limit: int, names: Sequence[str]) -> Item:
        """Cut a page: only the properties asked for, and those that always come."""
        shown: list[dict[str, Any]] = []
        for one in found[after : after + limit]:
            told = {name: one["properties"].get(name) for name in dict.fromkeys((*_ALWAYS, *names))}
            shown.append({**one, "properties": told})
        body: Item = {"total": len(found), "results": shown}
        if after + limit < len(found):
            body["paging"] = {"next": {"after": str(after + limit)}}
        return body

    def _list(self, query: Mapping[str, str]) -> Item:
        limit, after = query.get("limit", "10"), query.get("after", "0")
        if not limit.isdigit() or not 1 <= int(limit) <= 100 or not after.isdigit():
            raise Refused(400, "VALIDATION_ERROR", "limit must lie between 1 and 100.")
        chosen = self.archived if query.get("archived") == "true" else self._visible()
        names = [name for name in query.get("properties", "").split(",") if name]
        body = self.page(sorted(chosen, key=lambda one: str(one["id"])), int(after), int(limit), names)
        return {name: value for name, value in body.items() if name != "total"}

    def _visible(self) -> list[Item]:
        limit = self.now.astimezone(UTC).timestamp() * 1000 if self.now else float("inf")
        return [one for one in self.submissions if milliseconds(one["properties"][_CHANGED]) <= limit]


def milliseconds(text: str) -> int:
    """Read a time as HubSpot writes it, as milliseconds since 1970."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)
