"""A local server that speaks Qualtrics' API v3: surveys, their definitions, and exports of their responses.

An item of `responses` is what an export tells of one response. Two members are this server's own and are
never told: `_open` (nobody recorded it yet) and `_changed` (when it was last modified).
"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.tools.local import Answer, Faulty, Item, LocalTool, Refusal, Request
from demo.tools.qualtrics_exports import Job, Token, changed_at, chosen, instant, refused, told, wanted_of

_PAGE = 100


class FakeQualtrics(LocalTool):
    """Serve surveys and exports on a free local port, in threads of its own, until `close`.

    What `distributions` holds by survey was sent out. A job is done after `polls` questions how it stands;
    the first `failing` jobs fail.
    """

    def __init__(
        self,
        surveys: Sequence[Item],
        responses: Mapping[str, Sequence[Item]],
        token: str = "qualtrics_local",  # noqa: S107 (opens nothing but this server)
        *,
        now: datetime | None = None,
        requests_per_second: float = 0,
        fault: Faulty | None = None,
    ) -> None:
        """Take surveys (with `definition` and `schema`), responses by survey, and the token to ask for."""
        super().__init__(now=now, requests_per_second=requests_per_second, fault=fault)
        self.surveys = {survey["id"]: survey for survey in surveys}
        self.responses = {survey: list(responses.get(survey, [])) for survey in self.surveys}
        self.token, self.polls, self.failing = token, 0, 0
        self.distributions: dict[str, list[Item]] = {}
        self.bodies: list[Item] = []
        self.jobs: dict[str, Job] = {}
        self.tokens: dict[str, Token] = {}
        self._starting = threading.Lock()

    def too_many(self, wait: float) -> Refusal:
        """Refuse as Qualtrics does."""
        return refused(429, "Too many requests.", "RATE_1")

    def answer(self, request: Request) -> Any:
        """Answer one request, or raise Refusal."""
        sent = {name.lower(): value for name, value in request.headers.items()}
        if sent.get("x-api-token") != self.token:
            raise refused(401, "Unrecognized X-API-TOKEN.", "AUTH_6")
        match request.path.strip("/").split("/"):
            case ["API", "v3", "whoami"]:
                return told({"userId": "UR_local"})
            case ["API", "v3", "surveys"]:
                return told(self.listed(request.query))
            case ["API", "v3", "distributions"]:
                return told(self._distributions(request.query))
            case ["API", "v3", "survey-definitions", survey]:
                return told(self._survey(survey)["definition"])
            case ["API", "v3", "surveys", survey]:
                return told({**self._survey(survey)["definition"], "responseCounts": self.counts(survey)})
            case ["API", "v3", "surveys", survey, "response-schema"]:
                return told(self._survey(survey)["schema"])
            case ["API", "v3", "surveys", survey, "responses", response]:
                return told(self._response(survey, response))
            case ["API", "v3", "surveys", survey, "export-responses"] if request.method == "POST":
                return told(self._start(survey, request.body))
            case ["API", "v3", "surveys", survey, "export-responses", job]:
                return told(self._state(survey, job))
            case ["API", "v3", "surveys", survey, "export-responses", file, "file"]:
                return self._file(survey, file)
        raise refused(404, "There is nothing at this address.", "GEN_404")

    def _survey(self, survey: str) -> Item:
        if survey not in self.surveys:
            raise refused(404, "Survey not found.", "GSI_2")
        return self.surveys[survey]

    def counts(self, survey: str) -> Item:
        """Count what was recorded by now."""
        there = [one for one in self.responses[survey] if changed_at(one) <= self.clock()]
        return {"auditable": sum(not one.get("_open") for one in there), "generated": 0, "deleted": 0}

    def _response(self, survey: str, response: str) -> Item:
        self._survey(survey)
        for one in self.responses[survey]:
            if one["responseId"] == response and changed_at(one) <= self.clock():
                return one
        raise refused(404, "Response not found.", "GRI_2")

    def listed(self, query: Mapping[str, str]) -> Item:
        """Give a page of surveys, and the address of the next one."""
        start = int(query.get("offset", "0"))
        names = ("id", "name", "ownerId", "lastModified", "creationDate", "isActive")
        elements = [{name: one.get(name) for name in names} for one in self.surveys.values()]
        following = start + _PAGE
        more = f"{self.url}/API/v3/surveys?offset={following}" if following < len(elements) else None
        return {"elements": elements[start:following], "nextPage": more}

    def _distributions(self, query: Mapping[str, str]) -> Item:
        survey = query.get("surveyId", "")
        self._survey(survey)
        start = int(query.get("skipToken", "0"))
        size = int(query.get("pageSize", str(_PAGE)))
        sent = [one for one in self.distributions.get(survey, []) if instant(one["sendDate"]) <= self.clock()]
        following = start + size
        address = f"{self.url}/API/v3/distributions?surveyId={survey}&pageSize={size}&skipToken={following}"
        return {"elements": sent[start:following], "nextPage": address if following < len(sent) else None}

    def clock(self) -> datetime:
        """Tell the time it is there."""
        return self.now or datetime.now(UTC)

    def _start(self, survey: str, body: bytes) -> Item:
        self._survey(survey)
        wanted = wanted_of(body)
        with self._starting:
            return self._started(survey, wanted)

    def _started(self, survey: str, wanted: Item) -> Item:
        self.bodies.append(wanted)
        known = self._known(survey, wanted)
        now = self.clock()
        there = [item for item in self.responses[survey] if changed_at(item) <= now]
        number = f"{len(self.jobs):04}"
        job = Job(
            survey,
            f"file-{number}",
            self.packed(survey, self.chosen(there, wanted, known), wanted),
            self.polls,
        )
        job.status = "failed" if len(self.jobs) < self.failing else "complete"
        if wanted.get("allowContinuation") or known is not None:
            job.token = f"token-{number}"
            self.tokens[job.token] = Token(survey, now, {one["responseId"]: json.dumps(one) for one in there})
        self.jobs[f"ES_{number}"] = job
        return {"progressId": f"ES_{number}", "percentComplete": 0.0, "status": "inProgress"}

    def chosen(self, there: list[Item], wanted: Item, known: Mapping[str, str] | None) -> list[Item]:
        """Choose what goes into an export; `known` is what the last one told."""
        return chosen(there, wanted, known)

    def _known(self, survey: str, wanted: Item) -> Mapping[str, str] | None:
        name = wanted.get("continuationToken")
        if name is None:
            return None
        token = self.tokens.get(name)
        if token is None or token.survey != survey or self.clock() - token.began > timedelta(days=7):
            raise refused(400, "The continuation token is not valid, or has expired.", "ECT_1")
        return token.known

    def packed(self, survey: str, items: list[Item], wanted: Item) -> bytes:
        """Pack responses, one a line, into a ZIP whose member is called as the survey is."""
        if wanted["format"] == "ndjson":
            text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items)
        else:
            text = json.dumps({"responses": items}, ensure_ascii=False)
        if not wanted.get("compress", True):
            return text.encode()
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{self.surveys[survey].get('name')}.{wanted['format']}", text)
        return made.getvalue()

    def _state(self, survey: str, progress_id: str) -> Item:
        job = self.jobs.get(progress_id)
        if job is None or job.survey != survey:
            raise refused(404, "The export is not known.", "EXP_1")
        if job.polls > 0:
            job.polls -= 1
            return {"percentComplete": 50.0, "status": "inProgress"}
        if job.status == "failed":
            return {"fileId": None, "percentComplete": 100.0, "status": "failed"}
        done = {"fileId": job.file_id, "percentComplete": 100.0, "status": "complete"}
        return {**done, "continuationToken": job.token} if job.token else done

    def _file(self, survey: str, file_id: str) -> Answer:
        for job in self.jobs.values():
            if job.file_id == file_id and job.survey == survey and job.polls <= 0:
                return Answer(job.content, "application/zip")
        raise refused(404, "The file is not known.", "EXP_2")
