"""What must hold of the mart `response_rates`: every sending counts once, and shares follow from counts."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold


class EverySendingCountsOnce(MustHold):
    description: str = "Every sending that a tool tells of counts once in the response rate of its survey."
    severity = CRITICAL
    things: ClassVar[str] = "surveys that were sent"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with sent as (
            select source_name, survey_id, sum(invited_count) as invited_count,
                sum(started_count) as started_count, sum(completed_count) as completed_count
            from staging.stg_raw__invitations
            group by source_name, survey_id
            having sum(invited_count) > 0
        ),
        counted as (select * from {batch} where period = 'all')
        select count(*) as judged,
            count(*) filter (
                counted.invited_count is distinct from sent.invited_count
                or counted.started_count is distinct from sent.started_count
                or counted.completed_count is distinct from sent.completed_count) as broken
        from sent
        full outer join counted
            on sent.source_name = counted.source_name and sent.survey_id = counted.survey_id"""


class ResponseRatesFollowFromTheirCounts(MustHold):
    description: str = "Every response rate is finished over asked, and lies within its interval."
    severity = CRITICAL
    things: ClassVar[str] = "response rates"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                invited_count > 0
                and abs(response_rate - least(completed_count / invited_count, 1)) < 1e-6
                and response_rate_low between 0 and response_rate + 1e-6
                and response_rate_high between response_rate - 1e-6 and 1 + 1e-6, false)) as broken
        from {batch}"""


class NobodyFinishesWhoDidNotBegin(MustHold):
    description: str = (
        "No survey was finished by more people than began it, or begun by more than were asked."
    )
    severity = WARNING
    things: ClassVar[str] = "surveys that were sent"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (completed_count > started_count or started_count > invited_count) as broken,
            string_agg(source_name || ' ' || survey_id, ', ' order by source_name, survey_id)
                filter (completed_count > started_count or started_count > invited_count) as observed
        from {batch}
        where period = 'all'"""
