-- One row per follow-up that the rules ask for and the ledger does not hold yet, as of this build, and why it does not
-- go out, if it does not. What is too old has neither owner nor deadline: nobody will be asked.
{{ config(materialized='view') }}

select
    follow_up_key,
    response_key,
    customer_id,
    journey_id,
    touchpoint_id,
    kind,
    rule_id,
    team_id,
    owner_id,
    submitted_at,
    due_at,
    reason,
    withheld_because
from {{ ref('int_follow_ups_capped') }}
union all
select
    asked.follow_up_key,
    asked.response_key,
    asked.customer_id,
    asked.journey_id,
    asked.touchpoint_id,
    asked.kind,
    asked.rule_id,
    asked.team_id,
    cast(null as {{ dbt.type_string() }}) as owner_id,
    asked.submitted_at,
    cast(null as timestamp) as due_at,
    asked.reason,
    'too_old' as withheld_because
from {{ ref('int_follow_ups_asked') }} as asked
cross join {{ source('computed', 'settings') }} as settings
left join {{ ref('int_assignments_held') }} as held
    on asked.follow_up_key = held.follow_up_key
where held.follow_up_key is null and {{ is_too_old('asked.submitted_at') }}
