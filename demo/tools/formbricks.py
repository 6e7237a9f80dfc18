"""A local server that speaks Formbricks' Management API: surveys by v1, responses by v2, refusals included.

`meta` is missing from pages of responses, as in the releases that customers run. The order of v2 has no
tie-breaker: equal times come in another order on each page.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from demo.tools.local import Faulty, Item, LocalTool, Refusal, Request

_MOST = 250
_FIELDS = ("createdAt", "updatedAt")


def v1_refusal(status: int, code: str, message: str) -> Refusal:
    """Refuse as v1 does."""
    return Refusal(status, {"code": code, "message": message, "details": {}})


def v2_refusal(status: int, message: str, field: str = "") -> Refusal:
    """Refuse as v2 does."""
    details = [{"field": field, "issue": message}] if field else []
    return Refusal(status, {"error": {"code": status, "message": message, "details": details}})


class FakeFormbricks(LocalTool):
    """Serve surveys and their responses on a free local port, in threads of its own, until `close`."""

    def __init__(
        self,
        surveys: Sequence[Item],
        responses: Sequence[Item],
        token: str = "fbk_local",  # noqa: S107 (opens nothing but this server)
        *,
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take surveys, responses and the key to ask for; the rest as every local tool."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.surveys = {survey["id"]: survey for survey in surveys}
        self.responses = list(responses)
        self.token = token
        self._chance = random.Random(7)

    def too_many(self, wait: float) -> Refusal:
        """Refuse as v1 and v2 do: without saying how long to wait."""
        return v1_refusal(429, "too_many_requests", "Too many requests.")

    def answer(self, request: Request) -> Item:
        """Answer one request, or raise Refusal."""
        keys = {name.lower(): value for name, value in request.headers.items()}
        if keys.get("x-api-key") != self.token:
            if request.path.startswith("/api/v2"):
                raise v2_refusal(401, "Unauthorized")
            raise v1_refusal(401, "not_authenticated", "Not authenticated")
        match request.path.strip("/").split("/"):
            case ["api", "v1", "management", "me"]:
                return {"id": "local", "type": "production"}
            case ["api", "v1", "management", "surveys"]:
                return {"data": self._listed(request.query)}
            case ["api", "v1", "management", "surveys", survey]:
                if survey not in self.surveys:
                    raise v1_refusal(404, "not_found", "Survey not found")
                return {"data": self.surveys[survey]}
            case ["api", "v2", "management", "responses"]:
                return {"data": self.page(request.query)}
        raise v1_refusal(404, "not_found", "There is nothing at this address.")

    def _listed(self, query: Mapping[str, str]) -> list[Item]:
        surveys = sorted(self.surveys.values(), key=lambda one: one["updatedAt"], reverse=True)
        start = _whole(query, "offset", 0, 10**9)
        return surveys[start : start + _whole(query, "limit", len(surveys), 10**9)]

    def page(self, query: Mapping[str, str]) -> list[Item]:
        """Give one page of responses: filtered, sorted, cut by number."""
        limit, skip = _whole(query, "limit", 50, _MOST, 1), _whole(query, "skip", 0, 10**9)
        by = _field(query, "sortBy")
        order = query.get("order", "desc")
        if order not in ("asc", "desc"):
            raise v2_refusal(400, "Invalid enum value", "order")
        chosen = self.between(query)
        if "surveyId" in query:
            chosen = [item for item in chosen if item["surveyId"] == query["surveyId"]]
        self._chance.shuffle(chosen)
        chosen.sort(key=lambda item: instant(item[by]), reverse=order == "desc")
        return chosen[skip : skip + limit]

    def between(self, query: Mapping[str, str]) -> list[Item]:
        """Give what changed, or was made, from startDate to endDate, both included."""
        by = _field(query, "filterDateField")
        first, last = (_date(query, name) for name in ("startDate", "endDate"))
        return [
            item
            for item in self.responses
            if (not self.now or instant(item["updatedAt"]) <= self.now)
            and (not first or instant(item[by]) >= first)
            and (not last or instant(item[by]) <= last)
        ]


def instant(text: str) -> datetime:
    """Read a time as Formbricks writes it; one without an offset is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _field(query: Mapping[str, str], name: str) -> str:
    field = query.get(name, "createdAt")
    if field not in _FIELDS:
        raise v2_refusal(400, "Invalid enum value", name)
    return field


def _date(query: Mapping[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        return instant(query[name])
    except ValueError:
        raise v2_refusal(400, "Invalid date", name) from None


def _whole(query: Mapping[str, str], name: str, default: int, most: int, least: int = 0) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise v2_refusal(400, f"Number must lie between {least} and {most}", name)
    return int(text)
