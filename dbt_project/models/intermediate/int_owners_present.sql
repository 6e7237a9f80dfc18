-- One row per owner: their zone and day, and who acts for them on it: themselves, when away their deputy, or the
-- deputy's; null where nobody does.
{{ config(tags=['clock']) }}

with owners as (
    select
        owners.owner_id,
        owners.team_id,
        owners.segments,
        owners.properties,
        owners.calendar_id,
        owners.timezone as own_timezone,
        coalesce(owners.timezone, teams.timezone, settings.timezone) as timezone,
        owners.deputy_owner_id,
        coalesce(owners.role, 'owner') = 'owner' as takes_follow_ups,
        owners.away_from,
        owners.away_until,
        cast(
            {{ local_time('settings.now', 'coalesce(owners.timezone, teams.timezone, settings.timezone)') }} as date
        ) as local_date
    from {{ ref('stg_programme__owners') }} as owners
    left join {{ ref('stg_programme__teams') }} as teams
        on owners.team_id = teams.team_id
    cross join {{ source('computed', 'settings') }} as settings
),

seen as (
    select
        owners.*,
        (away_from is not null or away_until is not null)
        and local_date >= coalesce(away_from, local_date)
        and local_date <= coalesce(away_until, local_date) as is_away
    from owners
)

select
    seen.owner_id,
    seen.team_id,
    seen.takes_follow_ups,
    seen.segments,
    seen.properties,
    seen.calendar_id,
    seen.own_timezone,
    seen.timezone,
    seen.local_date,
    seen.is_away,
    case
        when not seen.is_away then seen.owner_id
        when not deputies.is_away then deputies.owner_id
        when not second_deputies.is_away then second_deputies.owner_id
    end as acting_owner_id
from seen
left join seen as deputies
    on seen.deputy_owner_id = deputies.owner_id
left join seen as second_deputies
    on deputies.deputy_owner_id = second_deputies.owner_id
