-- One row per follow-up that is asked for, young enough and not in the ledger: its owner and deadline, and why it does
-- not go out now, if it does not. An owner is handed the most urgent ones first, up to the cap of that owner's day.
{{ config(tags=['clock']) }}

with handed_today as (
    select
        owners.owner_id,
        count(*) as handed_count
    from {{ ref('int_owners_present') }} as owners
    inner join {{ ref('int_assignments_held') }} as held
        on owners.owner_id = held.first_owner_id
    where cast({{ local_time('held.assigned_at', 'owners.timezone') }} as date) = owners.local_date
    group by owners.owner_id
),

queued as (
    select
        fresh.*,
        timed.owner_id,
        timed.calendar_id,
        timed.timezone,
        timed.due_at,
        row_number() over (
            partition by timed.owner_id, fresh.withheld_because is null
            order by
                timed.due_at asc nulls last, fresh.submitted_at asc nulls last, fresh.follow_up_key asc nulls last
        ) as turn
    from {{ ref('int_follow_ups_withheld') }} as fresh
    inner join {{ ref('int_follow_ups_timed') }} as timed
        on fresh.follow_up_key = timed.follow_up_key
)

select
    queued.follow_up_key,
    queued.response_key,
    queued.source_name,
    queued.survey_id,
    queued.response_id,
    queued.customer_id,
    queued.journey_id,
    queued.touchpoint_id,
    queued.kind,
    queued.rule_id,
    queued.team_id,
    queued.owner_id,
    queued.score_class,
    queued.calendar_id,
    queued.timezone,
    queued.submitted_at,
    queued.due_at,
    queued.reason || coalesce(', joins follow-up ' || queued.joined_key, '') as reason,
    case
        when queued.withheld_because is not null then queued.withheld_because
        when queued.turn + coalesce(handed_today.handed_count, 0) > settings.owner_cap_per_day then 'capped'
    end as withheld_because
from queued
cross join {{ source('computed', 'settings') }} as settings
left join handed_today
    on queued.owner_id = handed_today.owner_id
