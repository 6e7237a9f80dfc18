"""The models of the inner loop as compiled SQL over small tables in memory: a build takes milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from flows import hours
from flows.records import Opening

NOW = datetime(2026, 5, 4, 9)
GIVEN = """
create table computed.settings (now timestamp, timezone varchar, within_days integer, join_open boolean,
    owner_cap_per_day integer, days_between integer);
create table computed.openings (calendar_id varchar, timezone varchar, opens_at timestamp,
    closes_at timestamp, open_seconds_before bigint);
create table staging.stg_ledger__events (event_id bigint, assignment_key varchar, event varchar,
    happened_at timestamp, status varchar, response_key varchar, customer_id varchar, journey_id varchar,
    touchpoint_id varchar, kind varchar, rule_id varchar, team_id varchar, owner_id varchar,
    score_class varchar, calendar_id varchar, timezone varchar, received_at timestamp,
    due_at timestamp, root_cause_id varchar);
create table staging.stg_programme__owners (owner_id varchar, team_id varchar, role varchar, segments varchar,
    properties varchar, timezone varchar, calendar_id varchar, away_from date, away_until date,
    deputy_owner_id varchar);
create table staging.stg_programme__teams (team_id varchar, timezone varchar, calendar_id varchar);
create table staging.stg_programme__routing (rule_id varchar, clock varchar);
create table intermediate.int_follow_ups_asked (follow_up_key varchar, response_key varchar,
    source_name varchar, survey_id varchar, response_id varchar, customer_id varchar,
    journey_id varchar, touchpoint_id varchar, kind varchar, rule_id varchar, team_id varchar,
    wanted_owner_id varchar, clock varchar,
    respond_within_hours double, segment varchar, score_class varchar, submitted_at timestamp,
    first_collected_at timestamp, reason varchar);
create table intermediate.int_consents_told (answer_key varchar, response_key varchar, customer_id varchar,
    submitted_at timestamp, is_given boolean);
create table staging.stg_ledger__preferences (customer_key varchar, purpose varchar, is_allowed boolean,
    told_at timestamp);
create table marts.customers (customer_id varchar, last_answer_at timestamp, open_follow_ups bigint);
create table intermediate.int_customer_versions (customer_id varchar, owner_id varchar, may_contact boolean,
    is_current boolean);
create table marts.response_properties (response_key varchar, name varchar, value varchar);
create table intermediate.int_answers_judged (answer_key varchar, response_key varchar, question_ref varchar,
    metric varchar, asks_for varchar, touchpoint_id varchar, value double, score_class varchar,
    submitted_at timestamp, quarantine_reason varchar);
create view marts.answers as
    select * from intermediate.int_answers_judged where quarantine_reason is null and metric <> 'comment';
create table marts.responses (response_key varchar, customer_id varchar);
"""
MADE = (
    "intermediate.int_openings_bounded",
    "intermediate.int_assignments_held",
    "intermediate.int_deadlines_moved",
    "intermediate.int_owners_present",
    "intermediate.int_teams_staffed",
    "intermediate.int_consents_standing",
    "intermediate.int_follow_ups_withheld",
    "intermediate.int_owners_matched",
    "intermediate.int_follow_ups_dealt",
    "intermediate.int_follow_ups_timed",
    "intermediate.int_follow_ups_capped",
    "intermediate.int_scores_followed",
    "marts.follow_ups_due",
    "marts.follow_ups",
    "marts.loop_performance",
    "marts.contact_eligibility",
)


class InnerLoop:
    """Hold the tables that the models read, fill them with rows, build, read back."""

    def __init__(self, compiled: Mapping[str, str], *, now: datetime = NOW, **settings: Any) -> None:
        self.compiled = compiled
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("computed", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {schema}")
        self.connection.execute(GIVEN)
        self.events = 0
        told = {
            "timezone": "UTC",
            "within_days": 14,
            "join_open": True,
            "owner_cap_per_day": 10,
            "days_between": 30,
        }
        self.fill("computed.settings", [{"now": now, **told, **settings}])

    def fill(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put rows into a table; columns that a row leaves out are null."""
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def ask(self, key: str, submitted_at: datetime, **more: Any) -> None:
        """Let a rule ask for a follow-up."""
        plain = {
            "follow_up_key": key,
            "response_key": f"response of {key}",
            "touchpoint_id": "desk",
            "kind": "recover",
            "rule_id": "unhappy",
            "team_id": "shop",
            "respond_within_hours": 24.0,
            "reason": "NPS 2 of 10 (rule unhappy)",
            "submitted_at": submitted_at,
            "first_collected_at": submitted_at,
        }
        self.fill("intermediate.int_follow_ups_asked", [{**plain, **more}])

    def event(
        self, key: str, event: str, happened_at: datetime, status: str | None = None, **more: Any
    ) -> None:
        """Let the ledger tell an event; without a status the one that goes by its name."""
        self.events += 1
        row = {"event_id": self.events, "assignment_key": key, "event": event, "happened_at": happened_at}
        self.fill("staging.stg_ledger__events", [{**row, "status": status or event, **more}])

    def owners(self, *owners: str | Mapping[str, Any], team: str = "shop") -> None:
        """Put people into a team."""
        rows = [{"owner_id": one} if isinstance(one, str) else one for one in owners]
        self.fill("staging.stg_programme__owners", [{"team_id": team, **row} for row in rows])

    def openings(self, openings: Iterable[Opening]) -> None:
        """Tell the open times, as Python works them out."""
        rows = [
            (
                one.calendar_id,
                one.timezone,
                naive(one.opens_at),
                naive(one.closes_at),
                one.open_seconds_before,
            )
            for one in openings
        ]
        if rows:
            marks = ", ".join("unnest(?)" for _ in rows[0])
            columns = [list(column) for column in zip(*rows, strict=True)]
            self.connection.execute(f"insert into computed.openings select {marks}", columns)

    def build(self) -> InnerLoop:
        """Make the models, each out of those before."""
        for name in MADE:
            schema, model = name.split(".")
            self.connection.execute(
                f"create or replace table {name} as {self.compiled[f'models/{schema}/{model}.sql']}"
            )
        return self

    def due(self) -> dict[str, dict[str, Any]]:
        """Give follow_ups_due by key."""
        return {row["follow_up_key"]: row for row in self.rows("select * from marts.follow_ups_due")}

    def held(self) -> dict[str, dict[str, Any]]:
        """Give follow_ups by key."""
        return {row["follow_up_key"]: row for row in self.rows("select * from marts.follow_ups")}

    def withheld(self) -> dict[str, str | None]:
        """Give the reason to withhold by key."""
        return {key: row["withheld_because"] for key, row in self.due().items()}

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Query what was made."""
        found = self.connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def naive(moment: datetime) -> datetime:
    """Give an aware time as the warehouse keeps it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def office(calendar: str = "office", zone: str = "UTC", first: int = 1, last: int = 5) -> list[Opening]:
    """Open from 9 to 17 on some weekdays, the first half of 2026."""
    shifts = [
        {"calendar_id": calendar, "weekday": str(day), "opens_at": "09:00", "closes_at": "17:00"}
        for day in range(first, last + 1)
    ]
    begins, ends = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    return hours.openings(shifts, [], {(calendar, zone)}, begins, ends)
