-- One row per version of a customer, as a customers file had it.

with source as (
    select * from {{ source('raw', 'customers') }}
)

select
    ---------- ids
    source_name,
    {{ published_id('customer_id') }} as customer_id,
    load_id,
    sequence,
    {{ published_id('account_id') }} as account_id,
    {{ filled('owner_id') }} as owner_id,
    ---------- words
    {{ filled('segment') }} as segment,
    {{ filled('persona') }} as persona,
    lower({{ filled('audience') }}) as audience,
    {{ language_tag('language') }} as language,
    upper({{ filled('currency') }}) as currency,
    {{ filled('name') }} as name,
    {{ filled('email') }} as email,
    {{ filled('phone') }} as phone,
    ---------- numbers and booleans
    {{ number_of('annual_value') }} as annual_value,
    {{ yes_or_no('may_contact') }} as may_contact,
    ---------- times (UTC)
    fetched_at,
    {{ iso_time('left_at') }} as left_at
from source
