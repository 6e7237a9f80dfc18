"""Move what waits in the ledger's inbox to raw: what tools delivered, and what customers told colleagues."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from flows import ledger
from flows.desk import SOURCE, SURVEY
from flows.orchestration import Work
from flows.records import Page, Reject, Response, Responses
from flows.surveys.told import hash_of_bytes
from flows.warehouse import raw
from flows.warehouse.laid_out import laid_out
from flows.warehouse.landing import Landing, Origin

_AT_ONCE = 200


class Deliveries:
    """Give what waits in the inbox for one source, and note what of it lies in raw as taken.

    First a delivery is landed, then that is noted. Killed between the two it is landed again, which changes
    nothing, as raw keeps a version only where it says something else.
    """

    def __init__(self, work: Work, book: ledger.Ledger, source_name: str) -> None:
        """Take the open ledger, and whose deliveries are asked for."""
        self._work, self._book, self._name = work, book, source_name
        self._landed: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Give number and body of each, in the order they came, a few at a time."""
        after = 0
        while waiting := ledger.inbox_waiting(self._book, self._name, after, _AT_ONCE):
            yield from ((row["event_id"], row["body"]) for row in waiting)
            after = waiting[-1]["event_id"]

    def done(self, numbers: Iterable[int]) -> None:
        """Take the numbers of deliveries whose page the landing has."""
        self._landed += numbers

    def note_taken(self) -> None:
        """Note them as taken; only once the landing has ended, as it writes late."""
        ledger.mark_taken(self._book, self._landed, self._work.now)
        self._landed = []


@contextmanager
def deliveries(work: Work, source_name: str) -> Iterator[Deliveries]:
    """Open the inbox for one source."""
    with ledger.open_ledger(work.settings.ledger_address) as book:
        yield Deliveries(work, book, source_name)


def bring_told(work: Work) -> int:
    """Land what customers told colleagues; returns how many responses are new."""
    with deliveries(work, SOURCE) as waiting:
        landing = None
        with ExitStack() as stack:
            for number, body in waiting:
                if landing is None:  # mostly nothing waits, and raw stays closed
                    connection = stack.enter_context(raw.opened(work.home, memory=raw.LANDING))
                    landing = Landing(connection, Origin(SOURCE, SOURCE, work.run_id, "", work.now))
                landing.take(laid_out(page_of(body)))
                waiting.done([number])
            if landing is None:
                return 0
            landing.end("ok", "")
        waiting.note_taken()
    return landing.counts["responses_new"]


def page_of(body: bytes) -> Page:
    """Read one delivery; what cannot be read is set aside whole."""
    try:
        return Page(responses=Responses([_response(json.loads(body))]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"it is no form of the desk ({type(error).__name__})"
        return Page(rejects=[Reject(SURVEY, reason, body)])


def _response(told: dict[str, Any]) -> Response:
    payload = {
        "answers": {"told": told["comment"]},
        "properties": {"touchpoint": told.get("touchpoint"), "told_to": told.get("told_to")},
        "contacts": {name: told.get(name) for name in ("name", "email", "phone")},
    }
    written = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
    whole = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    return Response(
        survey_id=SURVEY,
        response_id=str(told["response_id"]),
        payload=written,
        content_hash=hash_of_bytes(whole),
        submitted_at=datetime.fromisoformat(told["submitted_at"]),
        customer_id=told.get("customer_id"),
        email=told.get("email"),
        channel=told.get("channel"),
    )
