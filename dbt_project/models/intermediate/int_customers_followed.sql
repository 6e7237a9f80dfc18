-- One row per customer in a customers file, as last known: whether the customer left, whether that can be known at
-- all, and what a year of the customer is worth in the company's currency.

with tellers as (
    select source_name
    from {{ ref('int_customer_versions') }}
    group by source_name
    having count(left_at) > 0
)

select
    customers.customer_id,
    customers.left_at is not null as has_left,
    -- A file that never tells of anyone leaving does not say that everyone stayed.
    tellers.source_name is not null as is_leaving_known,
    case
        when coalesce(customers.currency, upper(settings.currency)) = upper(settings.currency)
            then customers.annual_value
    end as annual_value
from {{ ref('int_customer_versions') }} as customers
cross join {{ source('computed', 'settings') }} as settings
left join tellers
    on customers.source_name = tellers.source_name
where customers.is_current
