"""What must hold of the mart `goal_progress`: every goal is there, and no verdict outruns its interval."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold


class EveryGoalHasItsRow(MustHold):
    description: str = "Every goal of the programme has its progress, once."
    severity = CRITICAL
    things: ClassVar[str] = "goals"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with told as (select goal_id, count(*) as copies from {batch} group by goal_id)
        select count(*) as judged,
            count(*) filter (told.copies is distinct from 1 or goals.goal_id is null) as broken
        from told full outer join marts.goals as goals on told.goal_id = goals.goal_id"""


class NoGoalIsCalledReachedOrMissedTooSoon(MustHold):
    description: str = (
        "A goal is met only with its whole interval at the target, missed only below it and after its day."
    )
    severity = CRITICAL
    things: ClassVar[str] = "goals"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                case verdict
                    when 'met' then score_verdict <> 'suppress'
                        and round(score_low, 6) >= round(target_score, 6)
                    when 'missed' then score_verdict <> 'suppress'
                        and round(score_high, 6) < round(target_score, 6) and by_date < today
                    when 'on_track' then score_verdict <> 'suppress' and coalesce(by_date >= today, true)
                        and round(score_low, 6) < round(target_score, 6)
                        and round(score_high, 6) >= round(target_score, 6)
                    else verdict = 'cannot_tell'
                end, false)) as broken
        from {batch}, computed.settings"""


class EveryGoalIsMeasuredByItsScore(MustHold):
    description: str = (
        "The score of every goal is that of the last 90 days, and its distance is to the target."
    )
    severity = CRITICAL
    things: ClassVar[str] = "goals"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (
                told.score is distinct from cells.score
                or (told.score is not null and target_score is not null
                    and not coalesce(abs(distance - (told.score - target_score)) < 1e-6, false))) as broken
        from {batch} as told
        left join marts.journey_metrics as cells
            on cells.period = 'rolling_90d' and cells.segment_type = 'all'
            and told.journey_id = cells.journey_id and told.touchpoint_id = cells.touchpoint_id
            and told.survey_kind = cells.survey_kind and told.metric = cells.metric"""


class EveryGoalHasAnswersToGoBy(MustHold):
    description: str = "Every goal has answers of the last 90 days and a target to hold them to."
    severity = WARNING
    things: ClassVar[str] = "goals"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (reason in ('no_answers', 'no_target')) as broken,
            string_agg(goal_id, ', ' order by goal_id)
                filter (reason in ('no_answers', 'no_target')) as observed
        from {batch}"""
