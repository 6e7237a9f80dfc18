"""How LimeSurvey lists participants (from a lowest `tid` on, conditions must all hold) and counts them."""

from __future__ import annotations

from typing import Any

from demo.tools.local import Item

_BASIC = ("firstname", "lastname", "email")


def participants_of(
    survey: Item,
    start: int = 0,
    limit: int = 10,
    unused: bool = False,
    attributes: Any = False,
    conditions: Any = None,
) -> Any:
    """Give the participants of a survey, or in which words there are none.

    Of `attributes` only those that the table has; operators as in 6.x, of which `IN` and equality are known.
    """
    table: list[Item] | None = survey.get("participants")
    if table is None:
        return {"status": "Error: No survey participants table"}
    found = [one for one in table if int(one["tid"]) >= start and _fits(one, conditions or {})]
    if unused:
        found = [one for one in found if one.get("completed", "N") == "N"]
    if not found[:limit]:
        return {"status": "No survey participants found."}
    return [
        {
            "tid": one["tid"],
            "token": one["token"],
            "participant_info": {name: one.get(name, "") for name in _BASIC},
            **{name: one[name] for name in attributes or () if name in one and name not in _BASIC},
        }
        for one in found[:limit]
    ]


def _fits(one: Item, conditions: Item) -> bool:
    for column, value in conditions.items():
        operator, *values = value if isinstance(value, list) else ("=", value)
        if operator not in ("IN", "=") or one.get(column) not in values:
            return False
    return True


def summary_of(survey: Item) -> Item:
    """Count responses, and participants where the survey has a table of them."""
    rows, table = survey.get("rows", []), survey.get("participants")
    done = sum(bool(row.get("submitdate")) for row in rows)
    told: Item = {
        "completed_responses": str(done),
        "incomplete_responses": str(len(rows) - done),
        "full_responses": str(len(rows)),
    }
    if table is not None:
        sent = sum(one.get("sent", "N") != "N" for one in table)
        completed = sum(one.get("completed", "N") != "N" for one in table)
        told |= {"token_count": str(len(table)), "token_sent": str(sent), "token_completed": str(completed)}
    return told
