-- One row per assigned follow-up: who had it, when what was done, and whether that was in time.
{{ config(tags=['clock']) }}

with timed as (
    select
        held.*,
        coalesce(moved.due_at, held.promised_due_at) as due_at,
        {{ seconds_between('held.received_at', 'held.first_contact_at') }} / 3600e0 as hours_to_contact,
        case
            when held.calendar_id is null
                then {{ seconds_between('held.received_at', 'held.first_contact_at') }} / 3600e0
            else
                (
                    {{ open_seconds_until('held.first_contact_at', 'contact_openings') }}
                    - ({{ open_seconds_until('held.received_at', 'receipt_openings') }})
                ) / 3600e0
        end as working_hours_to_contact
    from {{ ref('int_assignments_held') }} as held
    left join {{ ref('int_deadlines_moved') }} as moved
        on held.follow_up_key = moved.follow_up_key
    left join {{ ref('int_openings_bounded') }} as receipt_openings
        on
            {{ lies_in('held.received_at', 'held', 'receipt_openings') }}
    left join {{ ref('int_openings_bounded') }} as contact_openings
        on
            {{ lies_in('held.first_contact_at', 'held', 'contact_openings') }}
)

select
    timed.follow_up_key,
    timed.response_key,
    timed.customer_id,
    timed.journey_id,
    timed.touchpoint_id,
    timed.kind,
    timed.rule_id,
    timed.team_id,
    timed.owner_id,
    timed.score_class,
    timed.received_at,
    timed.assigned_at,
    timed.due_at,
    timed.acknowledged_at,
    timed.first_contact_at,
    timed.resolved_at,
    timed.told_at,
    timed.closed_at,
    timed.status,
    timed.root_cause_id,
    timed.hours_to_contact,
    timed.working_hours_to_contact,
    case
        when timed.first_contact_at is not null then timed.first_contact_at <= timed.due_at
        when timed.due_at < settings.now then false
    end as is_on_time,
    timed.reopened_count,
    scores.score_before,
    scores.score_after
from timed
cross join {{ source('computed', 'settings') }} as settings
left join {{ ref('int_scores_followed') }} as scores
    on timed.follow_up_key = scores.follow_up_key
