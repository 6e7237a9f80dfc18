-- A follow-up that goes out has an owner who exists, and a team.
select due.follow_up_key
from {{ ref('follow_ups_due') }} as due
left join {{ ref('owners') }} as owners
    on due.owner_id = owners.owner_id
where due.withheld_because is null and (owners.owner_id is null or due.team_id is null)
