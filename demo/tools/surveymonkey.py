"""A local server that speaks SurveyMonkey's API (version 3) as documented, refusals included."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from demo.tools.local import Answer, Faulty, Item, LocalTool, Refusal, Request
from demo.tools.surveymonkey_paging import Refused, between, page_of, sorted_as_asked

SCOPES = frozenset({"surveys_read", "collectors_read", "responses_read", "responses_read_detail"})
_LISTED = ("id", "title", "nickname", "href")
_MAY_INCLUDE = ("response_count", "date_created", "date_modified", "language", "question_count")
_LIMITS = "X-Ratelimit-App-Global"


class FakeSurveyMonkey(LocalTool):
    """Serve surveys and their responses on a free local port, in threads of its own, until `close`.

    Its `url` is what stands before the paths of the documentation; `/v3` comes behind it.
    """

    def __init__(
        self,
        definitions: Sequence[Item],
        responses: Mapping[str, Sequence[Item]],
        token: str = "sm_local",  # noqa: S107 (opens nothing but this server)
        *,
        scopes: frozenset[str] = SCOPES,
        requests_left_today: int | None = None,
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take surveys as `/details` gives them, their responses by survey id, the token and its scopes.

        `requests_left_today` counts down where it is given; the rest as every local tool. What `collectors`
        (when each was made) and `recipients` (by collector) hold was sent out.
        """
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.definitions = {survey["id"]: survey for survey in definitions}
        self.responses = {survey: list(responses.get(survey, [])) for survey in self.definitions}
        self.token, self.scopes, self.requests_left_today = token, scopes, requests_left_today
        self.collectors: dict[str, str] = {}
        self.recipients: dict[str, list[Item]] = {}

    def too_many(self, wait: float) -> Refusal:
        """Refuse as SurveyMonkey does: without Retry-After, in headers of its own."""
        headers = {f"{_LIMITS}-Minute-Remaining": "0", f"{_LIMITS}-Minute-Reset": str(int(wait) + 1)}
        return Refused(429, "1040", "Rate Limit Error", "Too many requests were made.", headers)

    def answer(self, request: Request) -> Answer:
        """Answer one request, or raise Refusal."""
        if self.requests_left_today == 0:
            headers = {f"{_LIMITS}-Day-Remaining": "0", f"{_LIMITS}-Day-Reset": "40000"}
            raise Refused(429, "1040", "Rate Limit Error", "The day's requests are used up.", headers)
        if self.requests_left_today:
            self.requests_left_today -= 1
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            raise Refused(401, "1010", "Authorization Error", "No token was given.")
        if scheme.lower() != "bearer" or token != self.token:
            raise Refused(401, "1011", "Authorization Error", "The authorization token provided was invalid.")
        told = self.told(request.path, request.query)
        left = {f"{_LIMITS}-Day-Remaining": str(self.requests_left_today or 500)}
        return Answer(json.dumps(told, ensure_ascii=False).encode(), headers=left)

    def told(self, path: str, query: Mapping[str, str]) -> Item:
        """Answer one request that came with the right token, or raise Refusal."""
        here = f"{self.url}{path}"
        match path.strip("/").split("/"):
            case ["v3", "surveys"]:
                self._allow("surveys_read")
                return self._surveys(query, here)
            case ["v3", "surveys", survey, "details"]:
                self._allow("surveys_read")
                return {**self._survey(survey), "response_count": len(self.visible(survey))}
            case ["v3", "surveys", survey, "responses"]:
                self._allow("responses_read")
                found = [{"id": one["id"], "href": f"{here}/{one['id']}"} for one in self.visible(survey)]
                return page_of(found, query, here, largest=1000)
            case ["v3", "surveys", survey, "responses", "bulk"]:
                self._allow("responses_read_detail")
                return self.bulk(self.visible(survey), query, here)
            case ["v3", "collectors", collector]:
                self._allow("collectors_read")
                return self._collector(collector)
            case ["v3", "collectors", collector, "recipients"]:
                self._allow("collectors_read")
                self._collector(collector)
                return page_of(self._recipients(collector, query), query, here, largest=1000)
            case ["v3", "surveys", survey, "responses", response, "details"]:
                self._allow("responses_read_detail")
                return self._response(survey, response)
        raise Refused(404, "1020", "Resource Not Found", "There is nothing at this address.")

    def bulk(self, responses: Sequence[Item], query: Mapping[str, str], here: str) -> Item:
        """Give a page of responses: filtered, sorted, cut."""
        kept = between(
            between(responses, "date_modified", "modified_at", query), "date_created", "created_at", query
        )
        if status := query.get("status"):
            kept = [one for one in kept if one["response_status"] == status]
        return page_of(sorted_as_asked(kept, query, ("date_modified",)), query, here, largest=100)

    def visible(self, survey: str) -> list[Item]:
        """Give the responses that are there at its time; raises Refusal for a survey that is not."""
        self._survey(survey)
        limit = f"{self.now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if self.now else "9"
        return [one for one in self.responses[survey] if one["date_modified"][:19] <= limit]

    def _allow(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refused(403, "1014", "Permission Error", f"The permission {scope} was not granted.")

    def _survey(self, survey: str) -> Item:
        if survey not in self.definitions:
            raise Refused(404, "1020", "Resource Not Found", "The requested survey does not exist.")
        return self.definitions[survey]

    def _response(self, survey: str, response: str) -> Item:
        for one in self.visible(survey):
            if one["id"] == response:
                return one
        raise Refused(404, "1020", "Resource Not Found", "The requested response does not exist.")

    def _collector(self, collector: str) -> Item:
        if collector not in self.collectors:
            raise Refused(404, "1020", "Resource Not Found", "The requested collector does not exist.")
        return {"id": collector, "type": "email", "date_created": self.collectors[collector]}

    def _recipients(self, collector: str, query: Mapping[str, str]) -> list[Item]:
        """Tell of each recipient no more than was asked for."""
        shown = {"id", "email", *query.get("include", "").split(",")}
        kept = self.recipients.get(collector, [])
        return [{name: value for name, value in one.items() if name in shown} for one in kept]

    def _surveys(self, query: Mapping[str, str], here: str) -> Item:
        asked = [name for name in query.get("include", "").split(",") if name in _MAY_INCLUDE]
        rows: list[dict[str, Any]] = []
        for survey in self.definitions.values():
            told = {**survey, "response_count": len(self.visible(survey["id"]))}
            told["href"] = f"{here}/{survey['id']}"
            rows.append({name: told.get(name) for name in (*_LISTED, *asked)})
        kept = between(rows, "date_modified", "modified_at", query)
        kept = sorted_as_asked(kept, query, ("title", "date_modified", "num_responses"))
        return page_of(kept, query, here, largest=1000)
