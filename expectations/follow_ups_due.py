"""What must hold of the mart `follow_ups_due`: nothing goes out that nobody should be asked."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold


class EveryDueFollowUpHasItsOwnKey(MustHold):
    description: str = "Every follow-up that is due has a key, and no two have the same."
    severity = CRITICAL
    things: ClassVar[str] = "follow-ups due"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged, count(*) - count(distinct follow_up_key) as broken from {batch}"""


class EveryFollowUpThatGoesOutHasAnOwner(MustHold):
    description: str = "Every follow-up that goes out has a team, and an owner who can be written to."
    severity = CRITICAL
    things: ClassVar[str] = "follow-ups that go out"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (
                teams.team_id is null or owners.owner_id is null
                or coalesce(trim(owners.email), trim(teams.email), '') not like '%_@_%') as broken
        from {batch} as due
        left join staging.stg_programme__owners as owners on due.owner_id = owners.owner_id
        left join staging.stg_programme__teams as teams on due.team_id = teams.team_id
        where due.withheld_because is null"""


class NoFollowUpIsBothDueAndHeld(MustHold):
    description: str = "No follow-up is due that was assigned already."
    severity = CRITICAL
    things: ClassVar[str] = "follow-ups due"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged, count(held.follow_up_key) as broken
        from {batch} as due
        left join (
            select follow_up_key from marts.follow_ups
            union
            select assignment_key from raw.ledger_events where event = 'assigned'
        ) as held on due.follow_up_key = held.follow_up_key"""


class NothingGoesOutAgainstACustomersWish(MustHold):
    description: str = "No follow-up goes out about a customer who may not be contacted."
    severity = CRITICAL
    things: ClassVar[str] = "follow-ups that go out"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with newest as (
            select customer_id, arg_max(may_contact, (fetched_at, load_id, sequence)) as may_contact
            from staging.stg_raw__customers group by customer_id)
        select count(*) as judged, count(*) filter (newest.may_contact is false) as broken
        from {batch} as due
        left join newest on due.customer_id = newest.customer_id
        where due.withheld_because is null"""


class NothingTooOldGoesOut(MustHold):
    description: str = "No follow-up goes out about an answer older than `follow_ups.within_days`."
    severity = CRITICAL
    things: ClassVar[str] = "follow-ups that go out"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(submitted_at >= now - to_days(within_days), false)) as broken
        from {batch}, computed.settings where withheld_because is null"""


class NoOwnerIsHandedMoreThanTheCap(MustHold):
    description: str = "No owner is handed more follow-ups at once than `letters.owner_cap_per_day`."
    severity = CRITICAL
    things: ClassVar[str] = "owners who are written to"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with handed as (
            select owner_id, count(*) as handed from {batch} where withheld_because is null group by owner_id)
        select count(*) as judged, count(*) filter (handed > owner_cap_per_day) as broken
        from handed, computed.settings"""


class NoFollowUpGrewTooOldWhileItWaited(MustHold):
    description: str = "No follow-up became too old for a letter while it waited, in the last seven days."
    severity = WARNING
    things: ClassVar[str] = "follow-ups not assigned yet"
    may_be_empty: ClassVar[bool] = True
    # Young enough when collected, allowed, not joined to another: it should have gone out.
    query: str = """
        with young as (
            select due.*, within_days from {batch} as due, computed.settings
            where due.submitted_at >= now - to_days(within_days) - interval 7 day),
        barred as (
            select customer_id from intermediate.int_customer_versions
            where is_current and not may_contact),
        lately as (
            select
                due.withheld_because = 'too_old'
                and asked.first_collected_at <= due.submitted_at + to_days(due.within_days)
                and not exists (select 1 from barred where barred.customer_id = due.customer_id)
                and not exists (
                    select 1 from marts.follow_ups as held
                    where held.customer_id = due.customer_id and held.touchpoint_id = due.touchpoint_id
                        and held.received_at < due.submitted_at
                        and (held.closed_at is null or held.closed_at > due.submitted_at)) as is_missed
            from young as due
            left join intermediate.int_follow_ups_asked as asked on due.follow_up_key = asked.follow_up_key)
        select count(*) as judged, count(*) filter (is_missed) as broken from lately"""
