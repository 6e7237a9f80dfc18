-- One row per configured source, with its age and size.

with fetched as (
    select
        source_name,
        max(case when outcome <> 'failed' then fetched_at end) as last_fetched_at,
        max(load_id) as last_load_id,
        max(case when outcome = 'failed' then load_id end) as last_failed_load_id
    from {{ ref('stg_raw__fetches') }}
    group by source_name
),

answered as (
    select
        source_name,
        max(submitted_at) as last_submitted_at,
        count(*) as response_count
    from {{ ref('responses') }}
    group by source_name
)

select
    sources.source_name,
    sources.tool,
    fetched.last_fetched_at,
    answered.last_submitted_at,
    coalesce(answered.response_count, 0) as response_count,
    fetched.last_fetched_at is null or coalesce(fetched.last_failed_load_id = fetched.last_load_id, false)
        as is_left_out
from {{ source('computed', 'sources') }} as sources
left join fetched
    on sources.source_name = fetched.source_name
left join answered
    on sources.source_name = answered.source_name
