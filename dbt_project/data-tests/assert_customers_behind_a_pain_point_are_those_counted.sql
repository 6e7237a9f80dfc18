-- The answers behind a pain point are as many as it says, and so are the different customers who gave them.

with behind as (
    select
        pain_point_id,
        count(*) as answer_count,
        count(distinct coalesce('c:' || customer_id, 'r:' || response_key)) as customer_count
    from {{ ref('pain_point_answers') }}
    group by pain_point_id
)

select
    pain_points.pain_point_id,
    behind.pain_point_id as behind_id
from {{ ref('pain_points') }} as pain_points
full outer join behind
    on pain_points.pain_point_id = behind.pain_point_id
where
    pain_points.pain_point_id is null
    or behind.pain_point_id is null
    or pain_points.answer_count <> behind.answer_count
    or pain_points.customer_count <> behind.customer_count
