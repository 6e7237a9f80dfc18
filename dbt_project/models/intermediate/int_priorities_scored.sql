-- One row per pain point: every input of its scores and the scores themselves, formulas in macros/priorities.sql. A
-- quick fix that was taken counts from the next run on; all else is as of the first build of the day.
{{ config(tags=['in_hand']) }}

with held as (
    select
        weighed.*,
        taken.pain_point_id is not null as is_taken,
        taken.team_id as quick_fix_team_id,
        taken.team_name as quick_fix_team_name,
        weighed.is_initiative_in_hand or taken.pain_point_id is not null as is_already_in_hand
    from {{ ref('int_priorities_weighed') }} as weighed
    left join {{ ref('int_quick_fixes_taken') }} as taken
        on weighed.pain_point_id = taken.pain_point_id
)

select
    held.*,
    {{ battle_score(
        'strategic_score', 'problem_score', 'effort_person_months', 'benefit_per_cost', 'is_already_in_hand'
    ) }} as battle_score,
    {{ in_hand_factor('is_already_in_hand') }} as in_hand_factor
from held
