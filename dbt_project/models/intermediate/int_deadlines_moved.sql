-- One row per follow-up that waited for the customer before the first contact: its deadline, moved by that time. Where
-- the promise counts working time only open seconds count, else all of them, up to the next opening.
{{ config(tags=['clock']) }}

with steps as (
    select
        assignment_key,
        event_id,
        event,
        happened_at,
        min(case when status <> 'waiting' then happened_at end) over (
            partition by assignment_key order by event_id asc nulls last
            rows between 1 following and unbounded following
        ) as went_on_at
    from {{ ref('stg_ledger__events') }}
    where status is not null
),

waits as (
    select
        held.follow_up_key,
        held.calendar_id,
        held.timezone,
        held.promised_due_at,
        coalesce(rules.clock, 'elapsed') = 'working' and held.calendar_id is not null as is_working_time,
        steps.happened_at as began_at,
        least(
            coalesce(steps.went_on_at, settings.now), coalesce(held.first_contact_at, steps.went_on_at, settings.now)
        ) as ended_at
    from {{ ref('int_assignments_held') }} as held
    inner join steps
        on held.follow_up_key = steps.assignment_key and steps.event = 'waiting'
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('stg_programme__routing') }} as rules
        on held.rule_id = rules.rule_id
    where
        held.promised_due_at is not null
        and steps.happened_at < coalesce(held.first_contact_at, settings.now)
),

measured as (
    select
        waits.follow_up_key,
        waits.calendar_id,
        waits.timezone,
        waits.promised_due_at,
        waits.is_working_time,
        sum(
            case
                when waits.is_working_time
                    then
                        {{ open_seconds_until('waits.ended_at', 'last_openings') }}
                        - ({{ open_seconds_until('waits.began_at', 'first_openings') }})
                else {{ seconds_between('waits.began_at', 'waits.ended_at') }}
            end
        ) as seconds_waited
    from waits
    left join {{ ref('int_openings_bounded') }} as first_openings
        on
            {{ lies_in('waits.began_at', 'waits', 'first_openings') }}
    left join {{ ref('int_openings_bounded') }} as last_openings
        on
            {{ lies_in('waits.ended_at', 'waits', 'last_openings') }}
    group by
        waits.follow_up_key, waits.calendar_id, waits.timezone, waits.promised_due_at, waits.is_working_time
),

shifted as (
    select
        measured.*,
        {{ seconds_later('measured.promised_due_at', 'measured.seconds_waited') }} as elapsed_due_at,
        -- A deadline at closing time lies at the end of its opening, in open seconds the same as the next one's start.
        {{ open_seconds_until('measured.promised_due_at', 'due_openings') }} + measured.seconds_waited
            as open_seconds_wanted
    from measured
    left join {{ ref('int_openings_bounded') }} as due_openings
        on
            {{ lies_in('measured.promised_due_at', 'measured', 'due_openings') }}
)

select
    shifted.follow_up_key,
    case
        when shifted.seconds_waited <= 0 then shifted.promised_due_at
        when shifted.is_working_time
            then {{ seconds_later('ends.opens_at', 'shifted.open_seconds_wanted - ends.open_seconds_before') }}
        else greatest(shifted.elapsed_due_at, coalesce(next_openings.opens_at, shifted.elapsed_due_at))
    end as due_at
from shifted
left join {{ ref('int_openings_bounded') }} as ends
    on
        shifted.is_working_time
        and shifted.calendar_id = ends.calendar_id
        and shifted.timezone = ends.timezone
        and shifted.open_seconds_wanted > ends.open_seconds_before
        and shifted.open_seconds_wanted <= ends.open_seconds_after
left join {{ ref('int_openings_bounded') }} as next_openings
    on
        not shifted.is_working_time
        and {{ lies_in('shifted.elapsed_due_at', 'shifted', 'next_openings') }}
