"""What comes of asking again and again: the versions and cursors that a store would keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from demo.tools.local import LocalTool
from demo.tools.typeform import FakeTypeform
from flows.configuration import Source
from flows.records import Definition, Invitation, Page, Reject, Response, SourceError
from flows.surveys import READERS, says_of
from flows.surveys.asked import Asked
from flows.surveys.patience import Patience
from flows.warehouse.likeness import is_alike

TOKEN = "tfp_s3cret+/="
FORM = "aB3dE5fG"
NOW = datetime(2026, 5, 5, tzinfo=UTC)
NEVER = "0001-01-01T00:00:00Z"

Item = dict[str, Any]


def form(form_id: str = FORM) -> Item:
    return {"id": form_id, "type": "quiz", "title": "How was it?", "fields": []}


def completed(token: str, at: str, **more: Any) -> Item:
    """Give a completed item; `at` is day and time in May 2026, like `04T09:15:00`."""
    moment = f"2026-05-{at}Z"
    return {"token": token, "response_id": token, "landed_at": moment, "submitted_at": moment, **more}


def left(token: str, at: str, **more: Any) -> Item:
    """Give a partial item, left at that time."""
    told = {"response_type": "partial", "staged_at": f"2026-05-{at}Z", "submitted_at": NEVER}
    return completed(token, at, **{**told, **more})


@dataclass
class Store:
    """Keep what pages bring as a store does: a version where it differs from the newest, cursors with it."""

    source: Source
    versions: dict[str, list[Response]] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    cursors: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: int = 0
    ask: Callable[[Asked, Patience | None], Iterator[Page]] | None = None

    @classmethod
    def of(cls, tool: LocalTool, /, **more: Any) -> Store:
        """Begin with nothing read of a tool; Typeform where `tool` does not say which."""
        usual = {"name": "web", "tool": "typeform", "token": TOKEN, "base_url": tool.url}
        return cls(Source(**{**usual, **more}))

    def run(
        self,
        *,
        killed_after: int | None = None,
        now: datetime = NOW,
        since: datetime | None = None,
        patience: Patience | None = None,
    ) -> SourceError | None:
        """Ask once, to the end, or until so many pages were kept; gives the error it ended with."""
        asked = Asked(self.source, now, Path(), dict(self.cursors), since)
        kept = 0
        ask = self.ask or import_module(READERS[self.source.tool]).pages
        try:
            for page in ask(asked, patience):
                if kept == killed_after:
                    return None
                self._take(page)
                kept += 1
        except SourceError as error:
            return error
        return None

    def _take(self, page: Page) -> None:
        self.pages += 1
        for response in page.responses:
            known = self.versions.setdefault(response.response_id, [])
            if not known or not self._is_said_again(known[-1], response):
                known.append(response)
        self.definitions += page.definitions
        self.invitations += page.invitations
        self.rejects += page.rejects
        self.warnings += page.warnings
        self.cursors.update({(one.survey_id, one.kind): one.position for one in page.cursors})

    def _is_said_again(self, before: Response, after: Response) -> bool:
        return is_alike(before._asdict(), after._asdict(), says_of(self.source.tool))

    @property
    def newest(self) -> dict[str, Response]:
        """Give the newest version of each response."""
        return {key: versions[-1] for key, versions in self.versions.items()}

    def changed(self, **fields: Any) -> Store:
        """Give the same store for a source configured otherwise."""
        return replace(self, source=self.source.model_copy(update=fields))


def asked_of(tool: FakeTypeform, *, kind: str = "completed") -> list[str]:
    """List the requests for responses of a kind, in order."""
    return [path for path in tool.requests if f"response_type={kind}" in path]
