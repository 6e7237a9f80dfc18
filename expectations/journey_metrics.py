"""What must hold of the mart `journey_metrics`: every score follows from answers and says how sure it is."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold
from expectations.phrases import FRESH

# Sums and intervals are floating point; what differs by less is the same.
CLOSE = "1e-6"
CELL = "period, period_start, journey_id, touchpoint_id, segment_type, segment, survey_kind, metric"


class ScoresAreThereWhenAnswersAre(MustHold):
    description: str = "There are scores when there are answers that say how something was perceived."
    severity = CRITICAL
    things: ClassVar[str] = "answers without any score"
    query: str = """
        select count(*) as judged,
            case when exists (select 1 from {batch}) then 0 else count(*) end as broken
        from marts.answers where asks_for = 'perception' and score_class is not null"""


class EveryCellStandsOnce(MustHold):
    description: str = "No two scores are about the same period, place, segment, survey kind and metric."
    severity = CRITICAL
    things: ClassVar[str] = "scores"
    query: str = f"""
        with copies as (
            select count(*) as copies,
                period is null or period_start is null or journey_id is null or touchpoint_id is null
                or segment_type is null or segment is null or survey_kind is null or metric is null
                    as is_nameless
            from {{batch}}
            where $since < 0
                or (period, period_start) in (select (period, period_start) from {{batch}} where {FRESH})
            group by {CELL})
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1 or is_nameless), 0) as broken
        from copies"""


class EveryScoreLiesInItsRange(MustHold):
    description: str = "Every score is there and lies between -100 and 100 (nps, enps) or between 0 and 1."
    severity = CRITICAL
    things: ClassVar[str] = "scores"
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(
                case when metric in ('nps', 'enps') then score between -100 and 100
                    else score between 0 and 1 end, false)) as broken
        from {{batch}} where {FRESH}"""


class EveryIntervalHoldsItsScore(MustHold):
    # The adjusted interval of a lone answer is drawn towards the middle and may end short of it.
    description: str = (
        "Every interval holds its score, begins before it ends, and lies in the range of scores."
    )
    severity = CRITICAL
    things: ClassVar[str] = "scores"
    query: str = f"""
        with bounded as (
            select *,
                case when metric in ('nps', 'enps') then -100e0 else 0e0 end as lowest,
                case when metric in ('nps', 'enps') then 100e0 else 1e0 end as highest
            from {{batch}} where {FRESH})
        select count(*) as judged,
            count(*) filter (not coalesce(
                score_low <= score_high
                and (effective_count < 2 or score between score_low - {CLOSE} and score_high + {CLOSE})
                and score_low >= lowest and score_high <= highest, false)) as broken
        from bounded"""


class CountsAddUp(MustHold):
    description: str = "The classes of every score add up to its answers, and give its unweighted score."
    severity = CRITICAL
    things: ClassVar[str] = "scores"
    query: str = f"""
        with counted as (
            select answer_count, unweighted_score,
                case when metric in ('nps', 'enps') then promoter_count else top_count end as good,
                case when metric in ('nps', 'enps') then passive_count else middle_count end as fair,
                case when metric in ('nps', 'enps') then detractor_count else bottom_count end as bad,
                metric in ('nps', 'enps') as is_points
            from {{batch}} where {FRESH})
        select count(*) as judged,
            count(*) filter (not coalesce(
                answer_count > 0 and good >= 0 and fair >= 0 and bad >= 0 and good + fair + bad = answer_count
                and abs(unweighted_score - case
                    when is_points then 100e0 * (good - bad) / answer_count
                    else good / cast(answer_count as double) end) < {CLOSE}, false)) as broken
        from counted"""


class NobodyCountsMoreThanOnce(MustHold):
    description: str = "Behind no score stand more respondents, or more effective answers, than answers."
    severity = CRITICAL
    things: ClassVar[str] = "scores"
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(
                respondent_count between 1 and answer_count
                and effective_count > 0 and effective_count <= answer_count + {CLOSE}, false)) as broken
        from {{batch}} where {FRESH}"""


class EveryScoreIsWhatItsAnswersSay(MustHold):
    description: str = "Counted again from the answers, the scores of everyone have the same classes."
    severity = CRITICAL
    things: ClassVar[str] = "scores of this and the last months, and of all time"
    # Days and months of this month and, where everything is looked at, of the two before. All time is made by
    # the first build of a day only, so only then can it be compared.
    query: str = """
        with settings as (
            select timezone, is_daily,
                cast(date_trunc('month', today)
                    - to_months(case when $since < 0 then 2 else 0 end) as date) as first
            from computed.settings),
        given as (
            select journey_id, touchpoint_id, survey_kind, metric, score_class,
                cast(submitted_at at time zone 'UTC' at time zone timezone as date) as day, is_daily, first
            from marts.answers, settings
            where asks_for = 'perception' and score_class is not null
                and (is_daily or submitted_at >= cast(first as timestamp) - interval 1 day)),
        placed as (
            select 'day' as period, day as period_start, * from given where day >= first
            union all
            select 'month', cast(date_trunc('month', day) as date), * from given where day >= first
            union all
            select 'all', date '1970-01-01', * from given where is_daily),
        counted as (
            select period, period_start, coalesce(journey_id, 'all') as journey_id,
                coalesce(touchpoint_id, 'all') as touchpoint_id, survey_kind, metric, count(*) as answers,
                count(*) filter (score_class in ('promoter', 'top')) as good,
                count(*) filter (score_class in ('detractor', 'bottom')) as bad
            from placed
            group by grouping sets (
                (period, period_start, survey_kind, metric, journey_id, touchpoint_id),
                (period, period_start, survey_kind, metric, journey_id),
                (period, period_start, survey_kind, metric))),
        told as (
            select period, period_start, journey_id, touchpoint_id, survey_kind, metric, answer_count,
                coalesce(promoter_count, top_count) as good, coalesce(detractor_count, bottom_count) as bad
            from {batch}, settings
            where segment_type = 'all'
                and (
                    (period in ('day', 'month') and period_start >= first)
                    or (period = 'all' and is_daily))),
        compared as (
            select coalesce(counted.period, told.period) as period,
                (counted.answers, counted.good, counted.bad)
                    is distinct from (told.answer_count, told.good, told.bad) as is_wrong
            from counted
            full outer join told
                on counted.period = told.period and counted.period_start = told.period_start
                and counted.journey_id = told.journey_id and counted.touchpoint_id = told.touchpoint_id
                and counted.survey_kind = told.survey_kind and counted.metric = told.metric)
        select count(*) as judged, count(*) filter (is_wrong) as broken,
            string_agg(distinct period, ', ' order by period) filter (is_wrong) as observed
        from compared"""
