"""What must hold of the mart `priorities`: every pain point is ranked, by scores that anyone can repeat."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold
from expectations.phrases import no_address

# What differs by less is the same, of scores that differ in size.
CLOSE = "1e-9 * greatest(1e0, abs(wanted))"


class EveryPainPointHasAPriority(MustHold):
    description: str = "Every pain point has one priority, and the ranks count from 1 without a gap."
    severity = CRITICAL
    things: ClassVar[str] = "priorities"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        with ranked as (
            select pain_point_id, priority_rank,
                row_number() over (order by priority_rank, pain_point_id) as place
            from {batch})
        select count(*) as judged,
            count(*) filter (
                pains.pain_point_id is null or ranked.pain_point_id is null
                or ranked.priority_rank is distinct from ranked.place) as broken
        from ranked
        full outer join marts.pain_points as pains on ranked.pain_point_id = pains.pain_point_id"""


class ScoresFollowFromTheirInputs(MustHold):
    description: str = "The scores of every priority are those that its own columns give."
    severity = CRITICAL
    things: ClassVar[str] = "scores of priorities"
    may_be_empty: ClassVar[bool] = True
    query: str = f"""
        with again as (
            select *,
                100e0 / 3 * (coalesce(strategic_weight, 0.5) + goal_need
                    + coalesce(relative_value / (1 + relative_value), 0.5)) as strategic,
                100e0 * reach * coalesce(impact, 0.5) * coalesce(confidence, 0.5) * trend_factor as problem
            from {{batch}}),
        pairs as (
            select strategic_score as told, strategic as wanted from again
            union all select problem_score, problem from again
            union all
            select battle_score,
                strategic / 100 * problem * pay_factor * in_hand_factor / greatest(effort_person_months, 0.5)
            from again)
        select count(*) as judged,
            count(*) filter (not coalesce(abs(told - wanted) <= {CLOSE}, false)) as broken
        from pairs"""


class WhatIsInHandNamesItsInitiative(MustHold):
    description: str = (
        "Every priority that is in hand names an initiative that is approved, at work or released, or was "
        "taken as a quick fix."
    )
    severity = CRITICAL
    things: ClassVar[str] = "priorities in hand"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (
                coalesce(initiatives.status, '') not in ('approved', 'in_progress', 'released')
                and told.quick_fix_team_id is null) as broken
        from {batch} as told
        left join marts.initiatives as initiatives
            on told.matched_initiative_id = initiatives.initiative_id
        where told.is_already_in_hand"""


class EveryPriorityGivesItsReason(MustHold):
    description: str = "Every priority says in words why it stands where it stands."
    severity = CRITICAL
    things: ClassVar[str] = "priorities"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged, count(*) filter (coalesce(trim(reason), '') = '') as broken from {batch}"""


class NoPriorityShowsAnAddress(MustHold):
    description: str = "No reason of a priority or of a decision holds an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "priorities"
    may_be_empty: ClassVar[bool] = True
    query: str = no_address("reason", "decision_reason", where="true")
