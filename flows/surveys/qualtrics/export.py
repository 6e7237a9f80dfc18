"""One export of a survey's responses: start the job, ask how it stands, fetch its file.

A job that was started is noted, so that a run that was killed, or had not the patience, goes on with it: the
tool keeps its file for a week.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from flows.surveys.body import Unreadable
from flows.surveys.listings import REFUSALS, json_object
from flows.surveys.patience import Patience
from flows.surveys.qualtrics.unpacked import LARGEST, check_file
from flows.surveys.session import Session
from flows.surveys.templates import text_of
from flows.surveys.trouble import Refused, Unfinished

POLL, POLL_ELSEWHERE = 5.0, 0.5  # seconds between two questions how a job stands, of Qualtrics and others
READY_WITHIN = 3600.0  # seconds that a run waits for a job
FETCHED_WITHIN = 1800.0  # seconds
KEPT_FOR = timedelta(days=6)  # the tool keeps files and tokens for seven


@dataclass(frozen=True, slots=True)
class Job:
    """Name a job, and when it was started (aware)."""

    progress_id: str
    began: datetime

    def position(self) -> str:
        """Write it down for a cursor."""
        return json.dumps({"progress_id": self.progress_id, "began": self.began.isoformat()})

    @classmethod
    def at(cls, position: str | None, now: datetime) -> Job | None:
        """Read what `position` wrote; None for anything else, and for a job whose file is gone by now."""
        try:
            found = json.loads(position or "")
            job = cls(str(found["progress_id"]), datetime.fromisoformat(found["began"]))
            return job if now - KEPT_FOR < job.began <= now else None
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Ready:
    """Carry what a finished job gives: its file's id, and the token behind which the next one goes on."""

    file_id: str
    token: str | None


class Export:
    """Run export jobs of one survey."""

    def __init__(self, session: Session, survey_id: str, patience: Patience, poll: float) -> None:
        """Take the session, the survey's id, the patience whose clock is waited by, seconds between polls."""
        self._session, self._patience, self._poll = session, patience, poll
        self._path = f"/API/v3/surveys/{quote(survey_id, safe='')}/export-responses"

    def start(self, wanted: dict[str, Any], now: datetime) -> tuple[Job, str]:
        """Start a job; give it with what the tool remarks. Raises Refused, SourceError."""
        body = json.dumps({"format": "ndjson", "compress": True, **wanted}).encode()
        told = self._session.post(self._path, body, partial(_result, needed="progressId"))
        return Job(str(told["progressId"]), now), text_of(told.get("notice")) or ""

    def wait(self, job: Job) -> Ready | None:
        """Wait until a job is done; None where it failed. Raises Refused, Unfinished after an hour."""
        patience = self._patience
        until = patience.clock() + READY_WITHIN
        path = f"{self._path}/{quote(job.progress_id, safe='')}"
        while True:
            told = self._session.get(path, {}, partial(_result, needed="status"))
            if told["status"] == "failed":
                return None
            file_id = text_of(told.get("fileId"))
            if told["status"] == "complete" and file_id:
                return Ready(file_id, text_of(told.get("continuationToken")))
            if patience.clock() + self._poll > until:
                raise Unfinished(
                    self.sentence("was not ready within an hour; the next run goes on waiting for it.")
                )
            patience.sleep(self._poll)

    @contextmanager
    def file(self, ready: Ready) -> Iterator[BinaryIO]:
        """Fetch the file of a job that is done, as it came. Raises Refused, Oversized, SourceError."""
        with tempfile.TemporaryFile() as file:
            path = f"{self._path}/{quote(ready.file_id, safe='')}/file"
            self._session.download(
                path, file, lambda _: check_file(file), largest=LARGEST, seconds=FETCHED_WITHIN
            )
            yield file

    def counted(self) -> int | None:
        """Ask how many recorded responses the survey counts; None where the tool does not say."""
        try:
            told = self._session.get(self._path.removesuffix("/export-responses"), {}, json_object)
            counts = msgspec.json.decode(told)["result"]["responseCounts"]
            return int(counts["auditable"])
        except (Refused, *REFUSALS, KeyError, TypeError, ValueError):
            return None

    def sentence(self, words: str) -> str:
        """Say something of this survey's export."""
        return self._session.sentence(self._path, words)


def _result(body: bytes, needed: str) -> dict[str, Any]:
    """Take the result of an answer, with the tool's remark; raises Unreadable where `needed` is missing."""
    try:
        told = msgspec.json.decode(body)
        result, meta = dict(told["result"]), told.get("meta")
        if text_of(result[needed]):
            return {**result, "notice": meta.get("notice") if isinstance(meta, dict) else None}
    except (*REFUSALS, KeyError, TypeError, ValueError, AttributeError):
        pass
    raise Unreadable(f"its answer tells no {needed} of an export")
