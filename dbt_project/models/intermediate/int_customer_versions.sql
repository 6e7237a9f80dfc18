-- One row per version of a customer and the time it counts for: from the file that brought it up to the next; the
-- first one counts for all that came before, too.

with ordered as (
    select
        customers.*,
        row_number() over (
            partition by customer_id
            order by
                fetched_at asc nulls last, load_id asc nulls last, sequence asc nulls last,
                source_name asc nulls last
        ) as version_no,
        lead(fetched_at) over (
            partition by customer_id
            order by
                fetched_at asc nulls last, load_id asc nulls last, sequence asc nulls last,
                source_name asc nulls last
        ) as next_at
    from {{ ref('stg_raw__customers') }} as customers
    where customer_id is not null
)

select
    customer_id,
    version_no,
    source_name,
    version_no = 1 as is_first,
    next_at is null as is_current,
    fetched_at as known_from,
    case when version_no = 1 then cast('0001-01-01' as timestamp) else fetched_at end as valid_from,
    coalesce(next_at, cast('9999-12-31' as timestamp)) as valid_to,
    account_id,
    owner_id,
    segment,
    persona,
    audience,
    language,
    currency,
    annual_value,
    may_contact,
    left_at,
    load_id
from ordered
