"""What must hold of the mart `pain_points`: all that unhappy people said, and each of them counted once."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold


class EveryPainPointStandsOnce(MustHold):
    description: str = "Every pain point has a key, a touchpoint and a theme, and no two share them."
    severity = CRITICAL
    things: ClassVar[str] = "pain points"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with copies as (
            select count(*) as copies, count(distinct pain_point_id) as keys,
                touchpoint_id is null or theme_id is null as is_nameless
            from {batch} group by journey_id, touchpoint_id, theme_id)
        select coalesce(sum(copies), 0) as judged,
            coalesce(sum(copies) filter (copies > 1 or keys < 1 or is_nameless), 0) as broken
        from copies"""


class CustomersBehindAPainPointAreThoseCounted(MustHold):
    description: str = (
        "The answers behind every pain point are as many, and of as many customers, as it says."
    )
    severity = CRITICAL
    things: ClassVar[str] = "pain points"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with behind as (
            select pain_point_id, count(*) as answers,
                count(distinct customer_id)
                + count(distinct response_key) filter (customer_id is null) as customers
            from marts.pain_point_answers group by pain_point_id)
        select count(*) as judged,
            count(*) filter (
                (answer_count, customer_count) is distinct from (answers, customers)) as broken
        from {batch} as told
        full outer join behind on told.pain_point_id = behind.pain_point_id"""


class NoPraiseMakesAPainPoint(MustHold):
    description: str = "No pain point is about a theme that is praise."
    severity = CRITICAL
    things: ClassVar[str] = "pain points"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (theme_id in (select theme_id from marts.themes where kind = 'praise')) as broken
        from {batch}"""


class EveryBadAnswerRaisesAPainPoint(MustHold):
    description: str = (
        "Every bad answer of the last 90 full days stands behind a pain point of its touchpoint."
    )
    severity = CRITICAL
    things: ClassVar[str] = "touchpoints that a response scored badly"
    may_be_empty: ClassVar[bool] = True
    # Made by the first build of a day only, so only then can it be compared.
    query: str = """
        with settings as (select timezone, today from computed.settings where is_daily),
        given as (
            select response_key, journey_id, touchpoint_id, score_class, today,
                cast(submitted_at at time zone 'UTC' at time zone timezone as date) as day
            from marts.answers, settings where asks_for = 'perception'),
        bad as (
            select distinct response_key, journey_id, touchpoint_id from given
            where score_class in ('detractor', 'bottom') and day >= today - 90 and day < today),
        behind as (
            select distinct response_key, journey_id, touchpoint_id
            from marts.pain_point_answers as answers
            inner join {batch} as told on answers.pain_point_id = told.pain_point_id)
        select count(*) as judged, count(*) filter (behind.response_key is null) as broken
        from bad
        left join behind
            on bad.response_key = behind.response_key and bad.journey_id = behind.journey_id
            and bad.touchpoint_id = behind.touchpoint_id"""


class UnknownValuesAreNotZero(MustHold):
    description: str = (
        "What customers are worth is said where it is known of any, and left open where of none."
    )
    severity = CRITICAL
    things: ClassVar[str] = "pain points"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (not coalesce(
                unknown_value_count between 0 and customer_count
                and (value_at_risk is null) = (unknown_value_count = customer_count), false)) as broken
        from {batch}"""
