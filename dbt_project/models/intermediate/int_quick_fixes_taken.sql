-- One row per pain point whose quick fix somebody took and has not finished: by whom and since when.
{{ config(tags=['in_hand']) }}

with taken as (
    select
        assignment_key,
        min(happened_at) as taken_at,
        max_by(status, event_id) filter (where status is not null) as status,
        max_by(owner_id, event_id) filter (
            where event in ('assigned', 'reassigned') and owner_id is not null
        ) as owner_id,
        max_by(team_id, event_id) filter (
            where event in ('assigned', 'reassigned') and team_id is not null
        ) as team_id
    from {{ ref('stg_ledger__events') }}
    where assignment_key like 'quick_fix/%'
    group by assignment_key
)

select
    replace(taken.assignment_key, 'quick_fix/', '') as pain_point_id,
    taken.taken_at,
    taken.status,
    taken.owner_id,
    taken.team_id,
    coalesce(teams.name, taken.team_id) as team_name
from taken
left join {{ ref('stg_programme__teams') }} as teams
    on taken.team_id = teams.team_id
where not {{ is_over('taken.status') }} and taken.status <> 'resolved'
