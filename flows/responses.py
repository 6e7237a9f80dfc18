"""Responses as they travel from survey tools to `raw`: one by one, and many of them in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, overload


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
