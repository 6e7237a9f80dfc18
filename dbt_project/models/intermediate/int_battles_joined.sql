-- One row per key battle and structural pain point in it: those that share a root cause.
{{ config(tags=['in_hand']) }}

select
    {{ key_of(['root_cause_id']) }} as battle_id,
    root_cause_id,
    root_cause_name,
    pain_point_id,
    strategic_score,
    problem_score,
    effort_person_months,
    effort_source,
    -- One assessment may speak of several pain points: its effort and cost are there once.
    case
        when effort_source = 'assessed' or cost is not null
            then row_number() over (
                partition by root_cause_id, assessment_key order by pain_point_id asc nulls last
            ) = 1
        else false
    end as is_first_of_assessment,
    cost,
    currency,
    is_already_in_hand,
    in_hand_factor
from {{ ref('int_priorities_scored') }}
where kind = 'structural' and root_cause_id is not null
