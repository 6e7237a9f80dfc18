-- One row per young follow-up: its owner (of a joined one, the owner of the follow-up it joins), and when it is due by
-- the calendar and zone of that owner, else of the team; without a calendar every minute is open.
{{ config(tags=['clock']) }}

with placed as (
    select
        fresh.*,
        coalesce(dealt.owner_id, held.owner_id, dealt_first.owner_id) as owner_id
    from {{ ref('int_follow_ups_withheld') }} as fresh
    left join {{ ref('int_follow_ups_dealt') }} as dealt
        on fresh.follow_up_key = dealt.follow_up_key
    left join {{ ref('int_assignments_held') }} as held
        on fresh.joined_key = held.follow_up_key
    left join {{ ref('int_follow_ups_dealt') }} as dealt_first
        on fresh.joined_key = dealt_first.follow_up_key
),

clocked as (
    select
        placed.*,
        coalesce(owners.calendar_id, teams.calendar_id) as calendar_id,
        coalesce(owners.own_timezone, teams.timezone, settings.timezone) as timezone,
        coalesce(placed.clock, 'elapsed') = 'working' as is_working_time,
        -- To whole microseconds, lest a third of an hour runs past the closing time it ends at.
        round(placed.respond_within_hours * 3600e0, 6) as seconds_given
    from placed
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('int_owners_present') }} as owners
        on placed.owner_id = owners.owner_id
    left join {{ ref('stg_programme__teams') }} as teams
        on placed.team_id = teams.team_id
),

-- The instant from which the next opening is looked for: the end of the hours, or the answer itself.
started as (
    select
        clocked.*,
        case
            when is_working_time and seconds_given > 0 then submitted_at
            else {{ seconds_later('submitted_at', 'seconds_given') }}
        end as looked_from
    from clocked
),

-- How many open seconds there were until the hours are over.
counted as (
    select
        started.*,
        openings.opens_at,
        {{ open_seconds_until('started.looked_from', 'openings') }}
        + started.seconds_given as open_seconds_until
    from started
    left join {{ ref('int_openings_bounded') }} as openings
        on
            {{ lies_in('started.looked_from', 'started', 'openings') }}
)

select
    counted.follow_up_key,
    counted.owner_id,
    counted.calendar_id,
    counted.timezone,
    case
        when counted.calendar_id is null or (counted.is_working_time and counted.seconds_given <= 0)
            then {{ seconds_later('counted.submitted_at', 'counted.seconds_given') }}
        when counted.is_working_time
            then {{ seconds_later('ends.opens_at', 'counted.open_seconds_until - ends.open_seconds_before') }}
        when counted.opens_at is not null then greatest(counted.looked_from, counted.opens_at)
    end as due_at
from counted
left join {{ ref('int_openings_bounded') }} as ends
    on
        counted.is_working_time
        and counted.calendar_id = ends.calendar_id
        and counted.timezone = ends.timezone
        and counted.open_seconds_until > ends.open_seconds_before
        and counted.open_seconds_until <= ends.open_seconds_after
