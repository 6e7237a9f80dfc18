"""What must hold of the mart `answers`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, WARNING, MustHold
from expectations.phrases import FRESH, own_key, with_response


class EveryAnswerHasItsOwnKey(MustHold):
    description: str = "Every answer has a key, and no two have the same."
    severity = CRITICAL
    things: ClassVar[str] = "answers"
    query: str = own_key("answer_key")


class EveryAnswerBelongsToAResponse(MustHold):
    description: str = "Every answer belongs to a response that is there."
    severity = CRITICAL
    things: ClassVar[str] = "answers"
    query: str = with_response()


class EveryAnswerLiesOnItsScale(MustHold):
    description: str = "Every answer lies on the scale of its question."
    severity = CRITICAL
    things: ClassVar[str] = "answers"
    query: str = f"""
        select count(*) as judged,
            count(*) filter (not coalesce(
                scale_min < scale_max
                and value between scale_min and scale_max
                and raw_value between scale_min and scale_max, false)) as broken
        from {{batch}} where {FRESH}"""


class EveryScoreIsClassedAsItShouldBe(MustHold):
    description: str = (
        "Every answer is classed by its value: promoter, passive, detractor, or top, middle, bottom."
    )
    severity = CRITICAL
    things: ClassVar[str] = "answers"
    query: str = f"""
        with placed as (
            select metric, score_class, value,
                (value - scale_min) / nullif(scale_max - scale_min, 0) as position
            from {{batch}} where {FRESH}),
        classed as (
            select score_class,
                case
                    when metric in ('nps', 'enps') and value >= 9 then 'promoter'
                    when metric in ('nps', 'enps') and value >= 7 then 'passive'
                    when metric in ('nps', 'enps') then 'detractor'
                    when position >= 0.75 then 'top'
                    when position <= 0.25 then 'bottom'
                    else 'middle'
                end as wanted
            from placed)
        select count(*) as judged, count(*) filter (score_class is distinct from wanted) as broken
        from classed"""


class EveryPlaceIsKnown(MustHold):
    description: str = "Every touchpoint and journey of an answer is in the programme."
    severity = WARNING
    things: ClassVar[str] = "answers"
    query: str = f"""
        select count(*) as judged,
            count(*) filter (
                touchpoint_id is null or journey_id is null
                or (touchpoint_id <> 'none'
                    and touchpoint_id not in (select touchpoint_id from marts.touchpoints))
                or (journey_id <> 'none' and journey_id not in (select journey_id from marts.journeys))
            ) as broken
        from {{batch}} where {FRESH}"""
