"""A local server that speaks Zendesk's satisfaction APIs, old and new, as documented, refusals included."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from demo.tools.local import Faulty, Item, LocalTool, Refusal, Request

_SCORES = {"received": ("good", "bad"), "good": ("good",), "bad": ("bad",), "offered": ("offered",)}
_LARGEST = 100
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class FakeZendesk(LocalTool):
    """Serve ratings, surveys, their answers, users and tickets on a free local port until `close`.

    Its `url` is what stands before `/api/v2`.
    """

    def __init__(
        self,
        *,
        ratings: Sequence[Item] = (),
        surveys: Sequence[Item] = (),
        answers: Sequence[Item] = (),
        users: Sequence[Item] = (),
        tickets: Sequence[Item] = (),
        email: str = "admin@acme.example",
        token: str = "zd_local",  # noqa: S107 (opens nothing but this server)
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take what there is, and the address and token of an administrator; the rest as every local tool."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.ratings, self.surveys, self.answers = list(ratings), list(surveys), list(answers)
        self.shown = {"users": list(users), "tickets": list(tickets)}
        self.email, self.token = email, token

    def answer(self, request: Request) -> Item:
        """Answer one request, or raise Refusal."""
        packed = base64.b64encode(f"{self.email}/token:{self.token}".encode()).decode()
        if request.headers.get("Authorization") not in (f"Basic {packed}", f"Bearer {self.token}"):
            raise Refusal(401, {"error": "Couldn't authenticate you"})
        return self.told(request.path, request.query)

    def told(self, path: str, query: Mapping[str, str]) -> Item:
        """Answer one request that came from an administrator, or raise Refusal."""
        match path.strip("/").split("/"):
            case ["api", "v2", "satisfaction_ratings"]:
                return self.page("satisfaction_ratings", self._ratings(query), query)
            case ["api", "v2", "guide", "survey_responses"]:
                return self.page("survey_responses", self._answers(query), query)
            case ["api", "v2", "guide", "en-us", "survey_responses", answer]:
                return {"survey_response": self._answer(answer)}
            case ["api", "v2", "guide", "en-us", "surveys"]:
                return self.page("surveys", self.surveys, query)
            case ["api", "v2", ("users" | "tickets") as name, "show_many"]:
                ids = query.get("ids", "").split(",")
                if len(ids) > _LARGEST:
                    raise Refusal(422, {"error": {"title": "Too many ids", "message": "At most 100."}})
                return {name: [one for one in self.shown[name] if str(one["id"]) in ids]}
        raise Refusal(404, {"error": "RecordNotFound", "description": "Not found"})

    def page(self, name: str, items: Sequence[Item], query: Mapping[str, str]) -> Item:
        """Give one page by cursor; raises Refusal for a size or cursor that is none, and for page numbers."""
        size, after = query.get("page[size]", str(_LARGEST)), query.get("page[after]", "0")
        if "page" in query or not size.isdigit() or not 1 <= int(size) <= _LARGEST or not after.isdigit():
            raise Refusal(422, {"error": {"title": "Invalid", "message": "page is not valid."}})
        end = int(after) + int(size)
        more = end < len(items)
        meta = {"has_more": more, "after_cursor": str(end) if more else None, "before_cursor": after}
        return {name: list(items[int(after) : end]), "meta": meta}

    def _ratings(self, query: Mapping[str, str]) -> list[Item]:
        scores = _SCORES.get(query.get("score", "received"))
        if scores is None:
            raise Refusal(422, {"error": {"title": "Invalid", "message": "score is not known."}})
        since, until = self.seconds(query, "start_time"), self.seconds(query, "end_time")
        chosen = [
            one
            for one in self.ratings
            if one["score"] in scores
            and (since is None or _time(one) >= since)
            and (until is None or _time(one) <= until)
            and (self.now is None or _time(one) <= self.now.timestamp())
        ]
        return sorted(chosen, key=lambda one: (_time(one), one["id"]))

    def _answers(self, query: Mapping[str, str]) -> list[Item]:
        if query.get("sort", "id") not in ("id", "-id"):
            raise Refusal(422, {"error": {"title": "Invalid", "message": "sort must be id or -id."}})
        since = self.seconds(query, "filter[created_at_start]")
        until = self.seconds(query, "filter[created_at_end]")
        chosen = [
            one
            for one in self.answers
            if (since is None or made_at(one) >= since)
            and (until is None or made_at(one) <= until)
            and (self.now is None or made_at(one) <= self.now.timestamp() * 1000)
        ]
        return sorted(chosen, key=lambda one: str(one["id"]), reverse=query.get("sort") == "-id")

    def _answer(self, answer: str) -> Item:
        for one in self._answers({}):
            if one["id"] == answer:
                worded = [{**told, "question": self._worded(told["question"])} for told in one["answers"]]
                return {**one, "answers": worded}
        raise Refusal(404, {"error": "RecordNotFound", "description": "Not found"})

    def _worded(self, question: Item) -> Item:
        """Put beside a question its words, which one answer tells and the list of all does not."""
        asked = [one for survey in self.surveys for one in survey["questions"] if one["id"] == question["id"]]
        return {**question, **(asked[0] if asked else {})}

    def seconds(self, query: Mapping[str, str], name: str) -> int | None:
        """Read a time out of the query, in its own unit; raises Refusal for what is no number."""
        text = query.get(name)
        if text is None:
            return None
        if not text.isdigit():
            raise Refusal(422, {"error": {"title": "Invalid", "message": f"{name} is no time."}})
        return int(text)


def _time(rating: Item) -> float:
    return datetime.fromisoformat(rating["created_at"]).timestamp()


def made_at(answer: Item) -> int:
    """Read out of a ULID when it was made: milliseconds since 1970."""
    milliseconds = 0
    for sign in str(answer["id"])[:10]:
        milliseconds = milliseconds * 32 + _BASE32.index(sign)
    return milliseconds


def ulid(moment: datetime, number: int = 0) -> str:
    """Make the id of what is made at a moment; the number tells those of one moment apart."""
    left, signs = int(moment.astimezone(UTC).timestamp() * 1000), ""
    for _ in range(10):
        left, digit = divmod(left, 32)
        signs = _BASE32[digit] + signs
    return signs + f"{number:016d}"
