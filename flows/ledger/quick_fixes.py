"""Quick fixes: a pain point that somebody took, promised under `quick_fix/<pain_point_id>`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from flows.ledger.events import write_event
from flows.ledger.looks import assignment_within
from flows.ledger.states import OPEN, Said
from flows.ledger.tables import assignments, events

PREFIX = "quick_fix/"
KIND = "quick_fix"


def take_quick_fix(
    connection: Connection, pain_point_id: str, owner_id: str, facts: dict[str, Any], at: datetime
) -> bool:
    """Promise a quick fix to who takes it, within a transaction of the caller's; False when it is in hand.

    One that was finished or given back begins a new life. `facts` name its `team_id`.
    """
    key = f"{PREFIX}{pain_point_id}"
    standing = assignment_within(connection, key)
    if standing is None:
        _promise(connection, key, owner_id, facts, at)
    elif standing["status"] in OPEN:
        return False
    else:
        write_event(connection, Said(key, "reopened", owner_id, at))
        if standing["owner_id"] != owner_id:
            new = {**facts, "handovers": int((standing["facts"] or {}).get("handovers") or 0)}
            team_id = facts["team_id"]
            said = Said(key, "reassigned", owner_id, at, to_owner=owner_id, to_team=team_id, new_facts=new)
            write_event(connection, said)
    write_event(connection, Said(key, "acknowledged", owner_id, at))
    return True


def _promise(connection: Connection, key: str, owner_id: str, facts: dict[str, Any], at: datetime) -> None:
    pain_point_id, team_id = key.removeprefix(PREFIX), facts["team_id"]
    row = {
        "assignment_key": key,
        "kind": KIND,
        "subject_key": pain_point_id,
        "owner_id": owner_id,
        "team_id": team_id,
        "rule_id": "",
        "due_at": None,
        "status": "assigned",
        "created_at": at,
        "build_id": "",
        "facts": facts,
    }
    connection.execute(insert(assignments), [row])
    named = {name: facts.get(name) for name in ("journey_id", "touchpoint_id")}
    details = {**named, "kind": KIND, "team_id": team_id, "owner_id": owner_id, "status": "assigned"}
    told = {"assignment_key": key, "event": "assigned", "at": at, "actor": owner_id, "details": details}
    connection.execute(insert(events), [told])
