"""A local server that speaks LimeSurvey's RemoteControl 2 as recorded and documented, refusals included."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from demo.tools.limesurvey_people import participants_of, summary_of
from demo.tools.local import Answer, Faulty, Item, LocalTool, Refusal, Request

PATHS = ("/index.php/admin/remotecontrol", "/admin/remotecontrol")
_EMPTY = Answer(b"", "text/html; charset=UTF-8")
_PAGE = Answer(b"<!DOCTYPE html><h1>500: Internal Server Error</h1>", "text/html; charset=UTF-8", 500)
_ATTEMPTS = 6


class FakeLimeSurvey(LocalTool):
    """Serve surveys on a free local port; `calls` keeps method and parameters, without the key.

    A survey is `{"sid", "surveyls_title", "active", "properties", "questions", "details", "rows",
    "participants"}`, all but `sid` may be left out. Rows are as an export writes them.
    """

    def __init__(
        self,
        surveys: Sequence[Item],
        password: str = "s3cret",  # noqa: S107 (opens nothing but this server)
        *,
        username: str = "admin",
        zone: str = "UTC",
        version: int = 6,
        now: datetime | None = None,
        fault: Faulty | None = None,
    ) -> None:
        """Take surveys, who may ask, the server's own time zone, and which major version it is."""
        super().__init__(now=now, fault=fault)
        self.surveys: dict[int, Item] = {one["sid"]: one for one in surveys}
        self.username, self.password, self.zone, self.version = username, password, zone, version
        self.forbidden: set[int] = set()
        self.is_on = True
        self.largest = 10**6
        self.calls: list[tuple[str, list[Any]]] = []
        self.keys: set[str] = set()
        self._made = self._failed = 0

    def answer(self, request: Request) -> Any:
        """Answer one call; what it cannot read gets an empty body, as the real one gives."""
        if request.path not in PATHS:
            raise Refusal(404, {"error": "nothing here"})
        content_type = next((v for k, v in request.headers.items() if k.lower() == "content-type"), "")
        if not self.is_on or request.method != "POST" or "application/json" not in content_type:
            return _EMPTY
        asked = json.loads(request.body)
        if not asked.get("id"):
            return _EMPTY
        method, params = asked["method"], asked["params"]
        known: Callable[..., Any] | None = getattr(self, f"rpc_{method}", None)
        self.calls.append((method, params[1:] if method != "get_session_key" else []))
        if known is None:
            return _PAGE
        if method != "get_session_key" and (not params or params[0] not in self.keys):
            result: Any = {"status": "Invalid session key"}
        else:
            result = known(*params)
        if isinstance(result, Answer):
            return result
        told = json.dumps({"id": asked["id"], "result": result, "error": None})
        return Answer(told.encode(), "text/javascript;charset=UTF-8")

    def rpc_get_session_key(self, username: str, password: str, plugin: str = "Authdb") -> Any:
        if self._failed >= _ATTEMPTS:
            return {"status": "You have exceeded the number of maximum login attempts."}
        if (username, password, plugin) != (self.username, self.password, "Authdb"):
            self._failed += 1
            return {"status": "Invalid user name or password"}
        self._failed, self._made = 0, self._made + 1
        key = f"key{self._made:029}"
        self.keys.add(key)
        return key

    def rpc_release_session_key(self, key: str) -> Any:
        self.keys.discard(key)
        return "OK"

    def rpc_list_surveys(self, key: str, username: str | None = None) -> Any:
        shown = ("sid", "surveyls_title", "startdate", "expires", "active")
        seen = [one for sid, one in self.surveys.items() if sid not in self.forbidden]
        told = [{**dict.fromkeys(shown), "active": "Y", **_of(one, shown)} for one in seen]
        return told or {"status": "No surveys found"}

    def rpc_get_survey_properties(self, key: str, sid: int, wanted: list[str] | None = None) -> Any:
        if sid not in self.surveys:
            return {"status": "Error: Invalid survey ID"}
        if sid in self.forbidden:
            return {"status": "No permission"}
        survey = self.surveys[sid]
        told = {"sid": sid, "language": "en", "additional_languages": "", "anonymized": "N"}
        told |= {"active": survey.get("active", "Y"), "alloweditaftercompletion": "N"}
        told |= {"datestamp": "Y" if self._is_dated(survey) else "N", **survey.get("properties", {})}
        return _of(told, wanted) if wanted else told

    def rpc_list_questions(self, key: str, sid: int, gid: int | None = None, lang: str | None = None) -> Any:
        if sid not in self.surveys:
            return {"status": "Error: Invalid survey ID"}
        if sid in self.forbidden:
            return {"status": "No permission"}
        return self.surveys[sid].get("questions") or {"status": "No questions found"}

    def rpc_get_question_properties(self, key: str, qid: int, wanted: list[str] | None = None) -> Any:
        for survey in self.surveys.values():
            if any(int(one["qid"]) == qid for one in survey.get("questions", ())):
                nothing = {"answeroptions": "No available answer options", "attributes": "No attributes"}
                told = {**nothing, **survey.get("details", {}).get(str(qid), {})}
                return _of(told, wanted) if wanted else told
        return {"status": "Error: Invalid questionid"}

    def rpc_get_summary(self, key: str, sid: int, stat: str = "all") -> Any:
        if sid not in self.surveys:
            return {"status": "Error: Invalid survey ID"}
        if sid in self.forbidden:
            return {"status": "No permission"}
        return summary_of(self.surveys[sid])

    def rpc_list_participants(self, key: str, sid: int, *rest: Any) -> Any:
        survey = self.surveys.get(sid)
        if survey is None:
            return {"status": "Error: Invalid survey ID"}
        if sid in self.forbidden or survey.get("hides_participants"):
            return {"status": "No permission"}
        return participants_of(survey, *rest)

    def rpc_export_responses(self, key: str, sid: int, kind: str, *rest: Any) -> Any:
        """Export as the real one does: bounds inclusive, by rising ids, `fields` only such as there are."""
        survey = self.surveys.get(sid)
        if survey is None or sid in self.forbidden:
            return {"status": "No permission"}
        if survey.get("active", "Y") != "Y":
            return {"status": "No Data, survey table does not exist."}
        rows = sorted(self._visible(survey), key=lambda row: int(row["id"]))
        if not rows:
            return {"status": "No Data, could not get max id."}
        defaults = [None, "all", "code", "short", None, None, None]
        language, completion, heading, form, first, last, fields = [*rest, *defaults[len(rest) :]][:7]
        if language and language != self.surveys[sid].get("properties", {}).get("language", "en"):
            return {"status": "Language code not found for this survey."}
        if kind != "json" or heading != "code" or form != "short":
            return _PAGE
        found = [row for row in rows if self.is_within(int(row["id"]), first or 1, last)]
        if completion != "all":
            found = [row for row in found if bool(row["submitdate"]) == (completion == "complete")]
        if (fields and not set(fields) <= set(rows[0])) or len(found) > self.largest:
            return _PAGE
        return self._file([_of(row, fields) if fields else row for row in found], rows[0])

    def is_within(self, number: int, first: int, last: int | None) -> bool:
        """Tell whether an id lies within the bounds of an export."""
        return first <= number and (not last or number <= last)

    def _file(self, found: list[Item], example: Item) -> str:
        if self.version < 4:
            found = found or [dict.fromkeys(example, "")]
            found = [{str(row["id"]): row} for row in found]
        return base64.b64encode(json.dumps({"responses": found}).encode()).decode()

    def _visible(self, survey: Item) -> list[Item]:
        rows: list[Item] = survey.get("rows", [])
        if self.now is None:
            return rows
        limit = f"{self.now.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S}"
        return [row for row in rows if (row.get("datestamp") or row.get("submitdate") or "") <= limit]

    def _is_dated(self, survey: Item) -> bool:
        return any("datestamp" in row for row in survey.get("rows", ())[:1])


def _of(told: Item, names: Sequence[str]) -> Item:
    return {name: told[name] for name in names if name in told}
