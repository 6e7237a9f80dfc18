"""Pages made by hand, landed; and what `raw` holds afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.records import Customer, Definition, Page, Reject, Response
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing, Origin

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ORIGIN = Origin("forms", "typeform", "run", "as configured", NOW)


def digest(content: bytes) -> int:
    return int(hashlib.sha256(content).hexdigest()[:16], 16)


def filler(number: int) -> str:
    """Give 32 signs that nothing packs."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def response(number: int, text: str = "", **more: Any) -> Response:
    """Make a response whose content is its text; the hash covers all that is told."""
    payload = f'{{"token": "r{number}", "text": "{text}"}}'.encode()
    at = NOW - timedelta(days=400) + timedelta(minutes=number)
    told: dict[str, Any] = {"submitted_at": at, **more}
    return Response(
        "visit", f"r{number}", payload, digest(payload + repr(sorted(told.items())).encode()), **told
    )


def definition(survey_id: str, title: str) -> Definition:
    payload = f'{{"title": "{title}"}}'.encode()
    return Definition(survey_id, payload, digest(payload))


def customer(customer_id: str, **cells: str | None) -> Customer:
    return Customer(customer_id, digest(repr(sorted(cells.items())).encode()), {**cells, "unheard_of": "x"})


def reject(line: str, reason: str = "broken", **more: Any) -> Reject:
    return Reject("visit", reason, line.encode(), **more)


def land(
    home: Path, pages: Iterable[Page], origin: Origin = ORIGIN, *, memory: int = 200, **words: Any
) -> dict[str, int]:
    """Land pages in one load, in so many MB; gives what it counted."""
    with raw.opened(home, memory=memory) as connection:
        landing = Landing(connection, origin, **words)
        for page in pages:
            landing.take(laid_out(page))
        landing.end("ok", "")
        return {what: number for what, number in landing.counts.items() if number}


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask `raw`."""
    with raw.opened(home, read_only=True) as connection:
        return connection.execute(query).fetchall()


def cursors(home: Path, origin: Origin = ORIGIN) -> dict[tuple[str, str], str]:
    """Give the cursors that the next load would be handed."""
    with raw.opened(home) as connection:
        return Landing(connection, origin).cursors()
