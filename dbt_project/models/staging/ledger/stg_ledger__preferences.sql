-- One row per customer and purpose for which somebody told us a preference: the newest word.

with copied as (
    select
        customer_key,
        purpose,
        allowed,
        copied.source as told_by,
        copied.at as told_at,
        row_number() over (
            partition by customer_key, purpose order by copied.at desc nulls last, copy_no desc nulls last
        ) as newest_first
    from {{ source('raw', 'ledger_preferences') }} as copied
)

select
    ---------- ids
    customer_key,
    ---------- words and booleans
    purpose,
    allowed as is_allowed,
    told_by,
    ---------- times (UTC)
    told_at
from copied
where newest_first = 1
