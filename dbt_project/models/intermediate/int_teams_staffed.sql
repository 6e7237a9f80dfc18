-- One row per team and person to whom its follow-ups are dealt today: those who take follow-ups and are there, or
-- their deputies; where there is none, anyone of the team; where nobody is there, those who are away.
{{ config(tags=['clock']) }}

with ranked as (
    select
        team_id,
        coalesce(acting_owner_id, owner_id) as owner_id,
        case
            when acting_owner_id is not null and takes_follow_ups then 1
            when acting_owner_id is not null then 2
            when takes_follow_ups then 3
            else 4
        end as choice
    from {{ ref('int_owners_present') }}
    where team_id is not null
),

best as (
    select
        team_id,
        min(choice) as choice
    from ranked
    group by team_id
)

select distinct
    ranked.team_id,
    ranked.owner_id
from ranked
inner join best
    on ranked.team_id = best.team_id and ranked.choice = best.choice
