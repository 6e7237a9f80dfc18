-- One row per young follow-up that joins no other: its owner. First who is named by the rule or is the customer's own,
-- then those whose properties or segments match, then the team; in each group the one with the fewest open follow-ups.
-- What does not go out is dealt last, so that it takes nobody's turn.
{{ config(tags=['clock']) }}

with fresh as (
    select
        follow_up_key,
        team_id,
        wanted_owner_id,
        withheld_because is not null as is_withheld,
        submitted_at
    from {{ ref('int_follow_ups_withheld') }}
    where joined_key is null
),

open_now as (
    select
        owner_id,
        count(*) as load_now
    from {{ ref('int_assignments_held') }}
    where not {{ is_over('status') }}
    group by owner_id
),

named as (
    select
        fresh.follow_up_key,
        owners.acting_owner_id as owner_id,
        fresh.is_withheld
    from fresh
    inner join {{ ref('int_owners_present') }} as owners
        on fresh.wanted_owner_id = owners.owner_id
    where owners.acting_owner_id is not null
),

pools_matched as (
    select
        matched.follow_up_key,
        {{ joined_in_order('matched.owner_id') }} as pool
    from {{ ref('int_owners_matched') }} as matched
    where matched.follow_up_key not in (select named.follow_up_key from named)
    group by matched.follow_up_key
),

asked_of_matched as (
    select
        fresh.follow_up_key,
        fresh.is_withheld,
        pools_matched.pool,
        row_number() over (
            partition by pools_matched.pool
            order by
                fresh.is_withheld asc nulls last, fresh.submitted_at asc nulls last, fresh.follow_up_key asc nulls last
        ) as place
    from fresh
    inner join pools_matched
        on fresh.follow_up_key = pools_matched.follow_up_key
),

members_matched as (
    select distinct
        pools_matched.pool,
        matched.owner_id
    from pools_matched
    inner join {{ ref('int_owners_matched') }} as matched
        on pools_matched.follow_up_key = matched.follow_up_key
),

loads_of_matched as (
    {{ loads_with('named') }}
),

dealt_to_matched as (
    {{ dealt_evenly('asked_of_matched', 'members_matched', 'loads_of_matched') }}
),

asked_of_teams as (
    select
        fresh.follow_up_key,
        fresh.team_id as pool,
        row_number() over (
            partition by fresh.team_id
            order by
                fresh.is_withheld asc nulls last, fresh.submitted_at asc nulls last, fresh.follow_up_key asc nulls last
        ) as place
    from fresh
    where
        fresh.follow_up_key not in (select named.follow_up_key from named)
        and fresh.follow_up_key not in (select dealt_to_matched.follow_up_key from dealt_to_matched)
),

members_of_teams as (
    select
        team_id as pool,
        owner_id
    from {{ ref('int_teams_staffed') }}
),

dealt_before as (
    select
        follow_up_key,
        owner_id,
        is_withheld
    from named
    union all
    select
        dealt.follow_up_key,
        dealt.owner_id,
        asked.is_withheld
    from dealt_to_matched as dealt
    inner join asked_of_matched as asked
        on dealt.follow_up_key = asked.follow_up_key
),

loads_of_teams as (
    {{ loads_with('dealt_before') }}
),

dealt_to_teams as (
    {{ dealt_evenly('asked_of_teams', 'members_of_teams', 'loads_of_teams') }}
)

select
    fresh.follow_up_key,
    -- Who is named and away without a deputy is asked where nobody else is there.
    coalesce(named.owner_id, dealt_to_matched.owner_id, dealt_to_teams.owner_id, owners.owner_id) as owner_id
from fresh
left join named
    on fresh.follow_up_key = named.follow_up_key
left join dealt_to_matched
    on fresh.follow_up_key = dealt_to_matched.follow_up_key
left join dealt_to_teams
    on fresh.follow_up_key = dealt_to_teams.follow_up_key
left join {{ ref('stg_programme__owners') }} as owners
    on fresh.wanted_owner_id = owners.owner_id
