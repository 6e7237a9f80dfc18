"""Move what customers told colleagues from the ledger's inbox to raw, where it counts like any answer."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from flows import ledger
from flows.desk import SOURCE, SURVEY
from flows.orchestration import Work
from flows.records import Page, Reject, Response
from flows.warehouse import raw
from flows.warehouse.landing import Landing, Origin


def bring_told(work: Work) -> int:
    """Land what waits, then note that it was taken; returns how many responses are new.

    Killed between the two it is landed again, which changes nothing.
    """
    with ledger.open_ledger(work.settings.ledger_address) as book:
        waiting = ledger.inbox_waiting(book, SOURCE)
        if not waiting:
            return 0
        with raw.opened(work.home) as connection:
            landing = Landing(connection, Origin(SOURCE, SOURCE, work.run_id, "", work.now))
            for row in waiting:
                landing.take(page_of(row["body"]))
            landing.end("ok", "")
        ledger.mark_taken(book, [row["event_id"] for row in waiting], work.now)
    return landing.counts["responses_new"]


def page_of(body: bytes) -> Page:
    """Read one delivery; what cannot be read is set aside whole."""
    try:
        return Page(responses=[_response(json.loads(body))])
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
        content_hash=hashlib.sha256(whole).hexdigest()[:32],
        submitted_at=datetime.fromisoformat(told["submitted_at"]),
        customer_id=told.get("customer_id"),
        email=told.get("email"),
        channel=told.get("channel"),
    )
