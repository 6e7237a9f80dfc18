-- One row per fetch of a source, with its outcome.

select
    load_id,
    source_name,
    tool,
    fetched_at,
    outcome,
    response_count
from {{ source('raw', 'fetches') }}
