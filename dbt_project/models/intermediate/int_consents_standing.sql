-- One row per customer who was asked for consent: the newest word. Of several answers in one response a no counts
-- first, then one that says neither yes nor no.

with ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                submitted_at desc nulls last,
                case is_given when false then 0 when true then 2 else 1 end asc nulls last,
                answer_key asc nulls last
        ) as newest_first
    from {{ ref('int_consents_told') }}
    where customer_id is not null
)

select
    customer_id,
    is_given,
    submitted_at as told_at
from ranked
where newest_first = 1
