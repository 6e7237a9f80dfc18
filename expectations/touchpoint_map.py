"""What must hold of the mart `touchpoint_map`: its scores, gaps within intervals, quadrants by their cuts."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold

CLOSE = "1e-6"
PLACE = "journey_id, touchpoint_id, survey_kind, metric"


class EveryTouchpointIsOnTheMapAsItScores(MustHold):
    description: str = "The map has every touchpoint that has a score of all time, with that score, once."
    severity = CRITICAL
    things: ClassVar[str] = "places of the map"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with told as (select {PLACE}, answer_count, score, verdict from {{batch}}),
        cells as (
            select {PLACE}, answer_count, score, verdict from marts.journey_metrics
            where period = 'all' and segment_type = 'all' and touchpoint_id not in ('all', 'none')),
        compared as (
            select told.touchpoint_id is null or cells.touchpoint_id is null
                or (told.answer_count, told.verdict) is distinct from (cells.answer_count, cells.verdict)
                or not coalesce(abs(told.score - cells.score) < {CLOSE}, false) as is_wrong
            from told full outer join cells using ({PLACE}))
        select count(*) as judged, count(*) filter (is_wrong) as broken from compared"""


class EveryGapLiesInItsInterval(MustHold):
    description: str = "Every gap says where its expectation is from and lies in its interval."
    severity = CRITICAL
    things: ClassVar[str] = "places of the map"
    may_be_empty: ClassVar[bool] = True
    # The interval of a gap that was set is that of the score, which may end short of a lone answer's score.
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(
                case when expectation_source is null then gap is null and expected_score is null
                    else expected_score is not null and gap_verdict is not null and gap_low <= gap_high
                        and ((expectation_source = 'set' and effective_count < 2)
                            or gap between gap_low - {CLOSE} and gap_high + {CLOSE})
                        and (expectation_source = 'asked') <= (pair_count > 0)
                        and (expectation_source = 'asked' or abs(gap - (score - expected_score)) < {CLOSE})
                end, false)) as broken
        from {{batch}}"""


class EveryQuadrantFollowsFromItsCuts(MustHold):
    description: str = "Every quadrant is that of its importance and performance beside the cuts."
    severity = CRITICAL
    things: ClassVar[str] = "places of the map"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with placed as (
            select quadrant,
                round(importance, 9) >= round(importance_cut, 9) as is_important,
                round(performance, 9) >= round(performance_cut, 9) as is_performing
            from {batch})
        select count(*) as judged,
            count(*) filter (quadrant is distinct from case
                when is_important and is_performing then 'keep_up'
                when is_important and not is_performing then 'concentrate_here'
                when not is_important and is_performing then 'possible_overkill'
                when not is_important and not is_performing then 'low_priority' end) as broken
        from placed"""


class ImportanceIsComparable(MustHold):
    description: str = "Every importance lies between 0 and 1, and one cut holds for all of one source."
    severity = CRITICAL
    things: ClassVar[str] = "importances"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with compared as (
            select importance, importance_cut, importance_source,
                avg(importance) over alike as mean, count(*) over alike as beside
            from {batch} where importance is not null
            window alike as (
                partition by
                    survey_kind, metric, importance_source, importance_journey_id, importance_metric))
        select count(*) as judged,
            count(*) filter (not coalesce(
                importance between -1e-6 and 1 + 1e-6 and importance_source is not null
                and case when beside > 1 then abs(importance_cut - mean) < 1e-6
                    else importance_cut is null end, false)) as broken
        from compared"""


class MomentsOfTruthAreAsked(MustHold):
    description: str = "Every moment of truth has answers."
    severity = WARNING
    things: ClassVar[str] = "moments of truth"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with told as (
            select touchpoint_id, touchpoint_id in (select touchpoint_id from {batch}) as has_answers
            from marts.touchpoints where is_moment_of_truth)
        select count(*) as judged, count(*) filter (not has_answers) as broken,
            string_agg(touchpoint_id, ', ' order by touchpoint_id) filter (not has_answers) as observed
        from told"""
