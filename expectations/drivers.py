"""What must hold of the mart `drivers`: shares add up, ranks follow intervals, what is missing says why."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold

CLOSE = "1e-6"
OUTCOME = "journey_id, outcome_metric"


class EveryDriverStandsOnce(MustHold):
    description: str = "No touchpoint stands twice beside one outcome."
    severity = CRITICAL
    things: ClassVar[str] = "drivers"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with copies as (
            select count(*) as copies,
                journey_id is null or outcome_metric is null or touchpoint_id is null as is_nameless
            from {{batch}} group by {OUTCOME}, touchpoint_id)
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1 or is_nameless), 0) as broken
        from copies"""


class EveryDriverHasItsShareOrTheReasonWhyNot(MustHold):
    description: str = "Every touchpoint beside an outcome has an importance, or says why it has none."
    severity = CRITICAL
    things: ClassVar[str] = "drivers"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter ((importance is null) = (coalesce(trim(left_out), '') = '')) as broken
        from {batch}"""


class SharesAddUpToWhatIsExplained(MustHold):
    description: str = "The importances of every outcome add up to its R², which lies between 0 and 1."
    severity = CRITICAL
    things: ClassVar[str] = "outcomes"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with explained as (
            select sum(importance) as shares, min(importance) as least, min(r_squared) as low,
                max(r_squared) as high
            from {{batch}} where importance is not null group by {OUTCOME})
        select count(*) as judged,
            count(*) filter (not coalesce(
                least >= -{CLOSE} and low = high and low between -{CLOSE} and 1 + {CLOSE}
                and abs(shares - low) < {CLOSE}, false)) as broken
        from explained"""


class RanksAreThoseThatIntervalsAllow(MustHold):
    description: str = (
        "A touchpoint ranks above another only where its whole interval lies above the other's."
    )
    severity = CRITICAL
    things: ClassVar[str] = "drivers with an interval"
    may_be_empty: ClassVar[bool] = True
    # Ends of intervals that are told apart after nine decimals meet here as they did when ranks were made.
    query: str = f"""
        with told as (
            select {OUTCOME}, touchpoint_id, rank_low, rank_high,
                importance_low <= importance_high as is_sound,
                round(importance_low, 9) as low, round(importance_high, 9) as high
            from {{batch}} where importance_low is not null),
        counted as (
            select one.rank_low, one.rank_high, one.is_sound,
                count(*) filter (other.low > one.high) as above,
                count(*) filter (other.high < one.low) as below, count(*) as all_of_them
            from told as one inner join told as other using ({OUTCOME})
            group by {OUTCOME}, one.touchpoint_id, one.rank_low, one.rank_high, one.is_sound)
        select count(*) as judged,
            count(*) filter (not coalesce(
                is_sound and rank_low = above + 1 and rank_high = all_of_them - below, false)) as broken
        from counted"""


class NothingIsConcludedFromTooFew(MustHold):
    description: str = (
        "No importance rests on fewer than 100 responses with the outcome, or 30 that rate both."
    )
    severity = CRITICAL
    things: ClassVar[str] = "drivers with an importance"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                sample_count >= 100 and answer_count >= 30 and answer_count <= sample_count, false)) as broken
        from {batch} where importance is not null"""


class EveryDriverIsCountedFromAnswers(MustHold):
    description: str = "Counted again, as many responses rate a touchpoint and the outcome as are told."
    severity = CRITICAL
    things: ClassVar[str] = "drivers"
    may_be_empty: ClassVar[bool] = True
    # Drivers are made by the first build of a day; later answers of that day are in the answers already.
    query: str = f"""
        with given as (
            select distinct response_key, journey_id, touchpoint_id, survey_kind, metric
            from marts.answers, computed.settings
            where asks_for = 'perception' and score_class is not null and scale_min <> scale_max
                and is_daily),
        counted as (
            select told.{OUTCOME.replace(", ", ", told.")}, told.touchpoint_id, told.answer_count,
                count(distinct outcome.response_key) as counted
            from {{batch}} as told
            left join given as rated
                on told.touchpoint_id = rated.touchpoint_id and told.journey_id in (rated.journey_id, 'all')
            left join given as outcome
                on rated.response_key = outcome.response_key and outcome.touchpoint_id = 'none'
                and outcome.metric = told.outcome_metric and outcome.survey_kind = told.survey_kind
                and outcome.journey_id = case told.journey_id when 'all' then 'none' else told.journey_id end
            group by told.{OUTCOME.replace(", ", ", told.")}, told.touchpoint_id, told.answer_count)
        select count(*) as judged, count(*) filter (counted <> answer_count) as broken
        from counted, computed.settings where is_daily"""


class PairsOfDifferentPeopleFitTogether(MustHold):
    description: str = "The answers that drivers are weighed by fit together without mending."
    severity = WARNING
    things: ClassVar[str] = "drivers with an importance"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged, count(*) filter (is_repaired) as broken,
            string_agg(distinct journey_id || ' ' || outcome_metric, ', ') filter (is_repaired) as observed
        from {batch} where importance is not null"""
