"""What travels between steps: plain, immutable records and nothing else.

Standard library only, so that every room of the house may import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, overload


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


class Response(NamedTuple):
    """Carry one version of one sitting of one person, as a survey tool told it.

    `payload` is the whole record in JSON, UTF-8, as it came (or, for files, the row ordered by role). The
    other fields are what the configuration's templates made of it. Times are aware and in UTC.
    `content_hash` (64 bits) changes whenever the normalised response changed. Where it also changes with
    bytes that say nothing new, the survey module has a `says` that tells.
    """

    survey_id: str
    response_id: str
    payload: bytes
    content_hash: int
    submitted_at: datetime | None = None
    is_complete: bool = True
    is_deleted: bool = False
    customer_id: str | None = None
    account_id: str | None = None
    email: str | None = None
    language: str | None = None
    channel: str | None = None
    audience: str | None = None
    weight: float | None = None


class Responses(Sequence[Response]):
    """Carry many responses column by column, as they are stored; one of them is a `Response`.

    There are millions, and what is done to a whole column is done in a fifth of the time.
    """

    __slots__ = ("columns",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, told: Iterable[Response] = ()) -> None:
        """Take responses one by one."""
        rows = list(told)
        values = map(list, zip(*rows, strict=True)) if rows else ([] for _ in Response._fields)
        self.columns: dict[str, list[Any]] = dict(zip(Response._fields, values, strict=True))

    @classmethod
    def of(cls, columns: Mapping[str, list[Any]]) -> Responses:
        """Take whole columns, one for each field of `Response`, as long as each other."""
        made = cls()
        made.columns = {name: columns[name] for name in Response._fields}
        return made

    def append(self, told: Response) -> None:
        """Add one."""
        for column, value in zip(self.columns.values(), told, strict=True):
            column.append(value)

    def __iadd__(self, told: Iterable[Response]) -> Responses:
        """Add several."""
        for column, more in zip(self.columns.values(), Responses(told).columns.values(), strict=True):
            column += more
        return self

    def taken(self, places: Iterable[int]) -> Responses:
        """Give those at these places."""
        chosen = list(places)
        return Responses.of({name: [column[at] for at in chosen] for name, column in self.columns.items()})

    def __len__(self) -> int:
        """Count them."""
        return len(self.columns["response_id"])

    @overload
    def __getitem__(self, place: int) -> Response: ...

    @overload
    def __getitem__(self, place: slice) -> Responses: ...

    def __getitem__(self, place: int | slice) -> Response | Responses:
        """Give one, or those of a slice."""
        if isinstance(place, slice):
            return Responses.of({name: column[place] for name, column in self.columns.items()})
        return Response._make(column[place] for column in self.columns.values())

    def __eq__(self, other: object) -> bool:
        """Compare what they say."""
        return isinstance(other, Responses) and self.columns == other.columns

    def __repr__(self) -> str:
        """Show them one by one."""
        return f"Responses({list(self)!r})"

    def __iter__(self) -> Iterator[Response]:
        """Give one after the other."""
        return map(Response._make, zip(*self.columns.values(), strict=True))


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
