"""A local server that speaks Mopinion's Data API as its clients know it, signatures and refusals included."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from demo.tools.local import Answer, Faulty, Item, LocalTool, Refusal, Request

_FILTER = re.compile(r"filter\[(!|<<|<|>>|>)?([a-z_]+)\]")
_FILTERED = ("date", "rating", "nps", "ces", "ces_inverse", "gcr", "tags")


class Refused(Refusal):
    """Answer with this status and Mopinion's error body."""

    def __init__(self, status: int, code: int, title: str) -> None:
        super().__init__(status, {"status": status, "error_code": code, "title": title, "type": "error"})


class FakeMopinion(LocalTool):
    """Serve reports, the fields of their datasets and feedback on a free local port."""

    def __init__(
        self,
        reports: Sequence[Item],
        fields: Mapping[int, Sequence[Item]],
        feedback: Mapping[int, Sequence[Item]],
        *,
        keys: tuple[str, str] = ("mpn_pub", "mpn_private"),
        zone: str = "UTC",
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take reports with their datasets, fields and feedback by dataset, public and private key."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.reports, self.fields = list(reports), {key: list(rows) for key, rows in fields.items()}
        self.feedback = {key: list(rows) for key, rows in feedback.items()}
        self.keys, self.zone, self.token = keys, zone, "mpn_sigtok"
        self.forbidden: set[int] = set()
        self.heeds_filters = True

    def too_many(self, wait: float) -> Refusal:
        """Refuse in its own words."""
        return Refusal(
            429, {"status": 429, "title": "Too many requests"}, {"Retry-After": str(int(wait) + 1)}
        )

    def answer(self, request: Request) -> Any:
        """Answer one request, or raise Refusal."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.path == "/ping":
            return {"code": 200, "response": "pong", "version": "2.0.0"}
        if request.path == "/token":
            if headers.get("authorization") != f"Basic {_packed(':'.join(self.keys))}":
                raise Refused(401, 18, "not authenticated")
            return {"token": self.token}
        if headers.get("x-auth-token") != self._signature(request):
            raise Refused(401, 18, "not authenticated")
        told = self.told(request.path, _query(request.target))
        if "version" not in headers:  # the newest one, in another dress
            return {"member": told.get("data", told)}
        if headers.get("verbosity") == "quiet":
            told.pop("_meta", None)
        return Answer(json.dumps(told).encode())

    def told(self, path: str, query: Mapping[str, str]) -> Item:
        """Answer one request that was signed rightly, or raise Refusal."""
        match path.strip("/").split("/"):
            case ["account"]:
                return {
                    "name": "Example BV",
                    "reports": self.reports,
                    "_meta": _meta("", 1, 1, len(self.reports)),
                }
            case ["datasets", number, "fields"]:
                return self._page(path, self.fields[self._dataset(number)], query)
            case ["datasets", number, "feedback"]:
                return self._page(path, self._found(self._dataset(number), query), query)
        raise Refused(404, 6, "route not found")

    def _signature(self, request: Request) -> str:
        message = request.path.encode() + b"|" + request.body
        digest = hmac.new(self.token.encode(), message, hashlib.sha256).hexdigest()
        return _packed(f"{self.keys[0]}:{digest}")

    def _dataset(self, number: str) -> int:
        if not number.isdigit() or int(number) not in self.fields:
            raise Refused(404, 14, "dataset not found")
        if int(number) in self.forbidden:
            raise Refused(403, 10, "not authorised")
        return int(number)

    def _found(self, dataset: int, query: Mapping[str, str]) -> list[Item]:
        rows = self.feedback.get(dataset, [])
        if self.now is not None:
            limit = f"{self.now.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S}"
            rows = [row for row in rows if row["created"] <= limit]
        for name, wanted in query.items():
            if match := _FILTER.fullmatch(name):
                modifier, key = match[1] or "", match[2]
                if key not in _FILTERED:
                    raise Refused(400, 12, "invalid request")
                if key == "date" and self.heeds_filters:
                    rows = [row for row in rows if self.is_within(row["created"][:10], modifier, wanted)]
        if query.get("sort", "created") not in ("created", "datetime"):
            raise Refused(400, 12, "invalid request")
        falls = query.get("order", "asc") == "desc"
        return sorted(rows, key=lambda row: str(row["created"]), reverse=falls)

    def is_within(self, day: str, modifier: str, wanted: str) -> bool:
        """Compare a day as a modifier says; doubled ones include the day itself."""
        return {
            "": day == wanted,
            "!": day != wanted,
            "<": day < wanted,
            "<<": day <= wanted,
            ">": day > wanted,
            ">>": day >= wanted,
        }[modifier]

    def first_of(self, page: int, limit: int) -> int:
        """Give the place of the first row on a page; pages count from 1."""
        return (page - 1) * limit

    def _page(self, path: str, rows: Sequence[Item], query: Mapping[str, str]) -> Item:
        page, limit = _whole(query, "page", 1, 10**6), _whole(query, "limit", 10, 100)
        first = self.first_of(page, limit)
        return {"data": list(rows[first : first + limit]), "_meta": _meta(path, page, limit, len(rows))}


def _meta(path: str, page: int, limit: int, total: int) -> Item:
    """Say how a list goes on; `next` forgets everything but the page."""
    more = bool(path) and page * limit < total
    count = max(min(limit, total - (page - 1) * limit), 0)
    told = {"code": 200, "message": "OK", "has_more": more, "previous": False, "count": count, "total": total}
    return {**told, "next": f"{path}?page={page + 1}" if more else False}


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise Refused(400, 12, "invalid request")
    return int(text)


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _query(target: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(target).query).items()}
