-- One row per customer who is in a customers file or has answered: as last known.

with known as (
    select * from {{ ref('int_customer_versions') }}
    where is_current
),

answered as (
    select
        customer_id,
        max(submitted_at) as last_answer_at
    from {{ ref('responses') }}
    where customer_id is not null
    group by customer_id
),

newest_states as (
    select
        assignment_key,
        status,
        row_number() over (partition by assignment_key order by event_id desc nulls last) as newest_first
    from {{ ref('stg_ledger__events') }}
    where status is not null
),

open_follow_ups as (
    select
        assigned.customer_id,
        cast(count(distinct assigned.assignment_key) as bigint) as open_follow_ups
    from {{ ref('stg_ledger__events') }} as assigned
    inner join newest_states
        on assigned.assignment_key = newest_states.assignment_key and newest_states.newest_first = 1
    where
        assigned.event = 'assigned'
        and assigned.customer_id is not null
        and newest_states.status not in ('closed', 'declined', 'withdrawn')
    group by assigned.customer_id
)

select
    coalesce(known.customer_id, answered.customer_id) as customer_id,
    known.account_id,
    known.segment,
    known.persona,
    known.audience,
    known.annual_value,
    known.currency,
    known.left_at,
    answered.last_answer_at,
    coalesce(open_follow_ups.open_follow_ups, 0) as open_follow_ups
from known
full outer join answered
    on known.customer_id = answered.customer_id
left join open_follow_ups
    on coalesce(known.customer_id, answered.customer_id) = open_follow_ups.customer_id
