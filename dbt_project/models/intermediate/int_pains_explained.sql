-- One row per pain point whose follow-ups named a root cause: the commonest, and its share of those that named one.
{{ config(tags=['daily']) }}

with causes as (
    select
        behind.pain_point_id,
        held.root_cause_id,
        count(distinct held.follow_up_key) as follow_ups
    from {{ ref('pain_point_answers') }} as behind
    inner join {{ ref('int_assignments_held') }} as held
        on behind.follow_up_key = held.follow_up_key
    where held.root_cause_id is not null
    group by behind.pain_point_id, held.root_cause_id
),

ranked as (
    select
        *,
        sum(follow_ups) over (partition by pain_point_id) as all_follow_ups,
        row_number() over (
            partition by pain_point_id order by follow_ups desc nulls last, root_cause_id asc nulls last
        ) as most_first
    from causes
)

select
    pain_point_id,
    root_cause_id,
    cast(all_follow_ups as bigint) as root_cause_named,
    follow_ups / nullif(cast(all_follow_ups as double), 0e0) as root_cause_share
from ranked
where most_first = 1
