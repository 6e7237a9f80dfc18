"""What is due, with all that letter and desk show of it: read from the marts and the private contacts."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from flows.warehouse.advice import PLAYBOOKS, THEMES, next_step
from flows.warehouse.eligibility import customer_key, salt_of
from flows.warehouse.history import BEFORE, told_before
from flows.warehouse.marts import Row, read_rows, with_raw

_DUE = """
select due.*, due.submitted_at as received_at,
    rules.tell_customer, rules.respond_within_hours, coalesce(rules.clock, 'elapsed') as clock,
    coalesce(rules.delivery, 'now') as delivery,
    responses.language,
    journeys.name as journey_name, touchpoints.name as touchpoint_name, surveys.name as survey_name,
    owners.name as owner_name, owners.email as owner_email,
    coalesce(owners.language, teams.language) as owner_language,
    teams.name as team_name, teams.email as team_email
from intermediate.int_follow_ups_capped as due
left join staging.stg_programme__routing as rules using (rule_id)
left join marts.journeys as journeys on due.journey_id = journeys.journey_id
left join marts.touchpoints as touchpoints on due.touchpoint_id = touchpoints.touchpoint_id
left join intermediate.int_surveys_mapped as surveys
    on due.source_name = surveys.source_name and due.survey_id = surveys.survey_id
left join marts.responses as responses on due.response_key = responses.response_key
left join staging.stg_programme__owners as owners on due.owner_id = owners.owner_id
left join staging.stg_programme__teams as teams on due.team_id = teams.team_id
where due.withheld_because is null
order by due.due_at nulls last, due.submitted_at, due.follow_up_key
"""

_OF_DUE = "select response_key from intermediate.int_follow_ups_capped where withheld_because is null"

_ANSWERS = f"""
select response_key, touchpoint_id, question_text, metric, value, scale_min, scale_max, score_class
from intermediate.int_answers_judged
where quarantine_reason is null and value is not null and asks_for = 'perception'
    and response_key in ({_OF_DUE})
order by response_key, position, question_ref, answer_key
"""

# What was said of the whole goes with every follow-up of the response.
_COMMENTS = f"""
select response_key, touchpoint_id, text, language
from marts.comments
where text is not null and response_key in ({_OF_DUE})
order by response_key, question_ref, comment_key
"""

_CONTACTS_OF_RESPONSES = f"""
select response_key, kind, min(value) as value from private.contacts
where response_key in ({_OF_DUE}) group by all
"""

_CONTACTS_OF_CUSTOMERS = """
select customer_id, kind, min(value) as value from private.contacts
where response_key is null and customer_id in (
    select customer_id from intermediate.int_follow_ups_capped where withheld_because is null)
group by all
"""


def due_follow_ups(home: Path) -> list[Row]:
    """List what goes out, the most urgent first, with all that letter and desk show; times are aware UTC.

    Each row of the mart carries also `customer` (id, name, email, phone: personal data), `answers`,
    `comments`, `themes`, what the customer said `before`, `next_step` (of the playbooks), names of journey,
    touchpoint and survey, `rule`, `owner`, `team`, and how it is timed.
    """
    with with_raw(home) as connection:
        due = read_rows(connection, _DUE)
        answers = _grouped(read_rows(connection, _ANSWERS), "response_key")
        comments = _grouped(read_rows(connection, _COMMENTS), "response_key")
        before = _grouped(read_rows(connection, BEFORE), "response_key")
        themes = _grouped(read_rows(connection, THEMES), "response_key")
        playbooks, salt = read_rows(connection, PLAYBOOKS), salt_of(connection)
        of_responses = _contacts(read_rows(connection, _CONTACTS_OF_RESPONSES), "response_key")
        of_customers = _contacts(read_rows(connection, _CONTACTS_OF_CUSTOMERS), "customer_id")
    for row in due:
        email = (of_customers[row["customer_id"]] | of_responses[row["response_key"]]).get("email")
        row["customer_key"] = customer_key(row["customer_id"], email, salt)
        said = [one["theme_id"] for one in _there(themes[row["response_key"]], row["touchpoint_id"], "none")]
        spoken = (row["owner_language"] or "en", row["language"] or "")
        row["themes"] = said
        row["next_step"] = next_step(playbooks, row, said, *spoken)
    return [
        _with_facts(
            row,
            _there(answers[row["response_key"]], row["touchpoint_id"]),
            _there(comments[row["response_key"]], row["touchpoint_id"], "none"),
            of_customers[row["customer_id"]] | of_responses[row["response_key"]],
        )
        | {"before": [told_before(one) for one in before[row["response_key"]]]}
        for row in due
    ]


def _grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.pop(key)].append(row)
    return groups


def _contacts(rows: list[Row], key: str) -> dict[str, dict[str, str]]:
    people: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        people[row[key]][row["kind"]] = row["value"]
    return people


def _there(rows: list[Row], *touchpoints: str) -> list[Row]:
    return [
        {name: value for name, value in row.items() if name != "touchpoint_id"}
        for row in rows
        if row["touchpoint_id"] in touchpoints
    ]


def _with_facts(row: Row, answers: list[Row], comments: list[Row], contacts: dict[str, str]) -> Row:
    rule = {name: row.pop(name) for name in ("respond_within_hours", "clock", "delivery")}
    owner = {name: row.pop(f"owner_{name}") for name in ("name", "email", "language")}
    team = {name: row.pop(f"team_{name}") for name in ("name", "email")}
    return {
        **row,
        "customer": {
            "id": row["customer_id"],
            **{kind: contacts.get(kind) for kind in ("name", "email", "phone")},
        },
        "answers": answers,
        "comments": comments,
        "rule": {**rule, "tell_customer": row["tell_customer"]},
        "owner": {"id": row["owner_id"], **owner, "timezone": row["timezone"]},
        "team": {"id": row["team_id"], **team},
    }
