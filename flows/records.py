"""What travels between steps: plain, immutable records and nothing else.

Standard library only, so that every room of the house may import it. Responses, of which there are millions,
have a module of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.responses import Response as Response
from flows.responses import Responses as Responses


class HeardbackError(Exception):
    """Say in one sentence what is wrong, where, and how to mend it; the command line prints only that."""

    exit_status = 1


class ConfigurationError(HeardbackError):
    """Stop before anything was started: usage, configuration or a programme table is wrong."""

    exit_status = 2


class Withheld(HeardbackError):
    """Refuse to publish or write to anyone: the present build did not pass its checks."""

    exit_status = 3


class Busy(HeardbackError):
    """Give way: another run holds this home."""

    exit_status = 4


class SourceError(HeardbackError):
    """End one source for this run; the others go on, and the cursor stays where it was."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Carry a survey's own definition (title, questions, scales) as the tool told it."""

    survey_id: str
    payload: bytes
    content_hash: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Carry one row of a customers file; every cell is text as it stood there, None where it was empty."""

    customer_id: str
    content_hash: int
    cells: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Invitation:
    """Carry what became of one sending of a survey: how many were asked, began and finished.

    `invited_at` (aware, in UTC) is when people were asked first: what a reminder brought belongs to the
    sending it reminds of. `payload` is JSON, UTF-8: what the tool told of it, without the letter sent.
    """

    survey_id: str
    invitation_id: str
    payload: bytes
    content_hash: int
    invited_at: datetime
    invited_count: int
    started_count: int
    completed_count: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Carry what could not be read, whole, with the reason a person can act on."""

    survey_id: str
    reason: str
    payload: bytes
    response_id: str | None = None
    question_ref: str | None = None
    level: str = "record"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Name how far one stream of a source was read; `position` belongs to the survey module alone."""

    survey_id: str
    kind: str
    position: str


@dataclass(slots=True)
class Page:
    """Carry what one step of fetching brought; rows and cursors of a page are written in one transaction.

    `scope` names the thing that was read as a whole (a file): rejects of an earlier reading of the same scope
    are then history. `warnings` are sentences for the person who runs it.
    """

    responses: Responses = field(default_factory=Responses)
    definitions: list[Definition] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Name one thing that is wrong in a file a person keeps: what, where, how to mend it."""

    file: str
    message: str
    line: int | None = None
    column: str | None = None
    mend: str = ""

    def __str__(self) -> str:
        """Say it in one line: file, line, column, what is wrong, how to mend it."""
        where = self.file
        if self.line is not None:
            where += f", line {self.line}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.message}" + (f" {self.mend}" if self.mend else "")


class Advice(str):
    """Say in one sentence what deserves a thought though nothing is wrong; it changes no exit status."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Carry a check's outcome for one build: `held`, `broken` or `could_not_tell`, with a severity."""

    check_name: str
    sentence: str
    severity: str
    outcome: str
    observed: str
    expected: str


@dataclass(frozen=True, slots=True)
class ProgrammeTable:
    """Carry one programme table: all cells text in one canonical spelling, None where empty, with file lines.

    `rows` hold exactly the columns of the contract, whether the file had them or not.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[dict[str, str | None]]
    lines: list[int]
    file: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Name one stretch of open time of a calendar in one zone; instants in UTC.

    `open_seconds_before` counts the open seconds of all earlier openings: working time is a subtraction.
    """

    calendar_id: str
    timezone: str
    opens_at: datetime
    closes_at: datetime
    open_seconds_before: int


@dataclass(frozen=True, slots=True)
class ThemePattern:
    """Say how a theme is found in comments of one language (`*`: any), in the words of DuckDB and Spark.

    `plain` finds all comments that have it, and maybe more; `marked`, where there is one, finds exactly these
    in a text whose words are marked. `steps` is about what an engine makes of it.
    """

    theme_id: str
    language: str
    plain: str
    marked: str | None
    steps: int


@dataclass(frozen=True, slots=True)
class Letter:
    """Carry a finished letter: `body` is the whole message as it goes over the wire (bytes of RFC 5322).

    `tells` names the event that its sending writes for its follow-up, where it writes one.
    """

    message_id: str
    kind: str
    assignment_keys: tuple[str, ...]
    recipient: str
    subject: str
    body: bytes
    not_before: datetime | None = None
    tells: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """Carry one assignment about to be promised, with all that letter and desk will ever show of it."""

    assignment_key: str
    kind: str
    subject_key: str
    owner_id: str
    team_id: str
    rule_id: str
    due_at: datetime | None
    build_id: str
    facts: dict[str, Any]
