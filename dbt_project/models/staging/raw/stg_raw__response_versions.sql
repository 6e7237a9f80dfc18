-- One row per version of a response, as collected; the newest (load_id, sequence) is the truth.

with source as (
    select * from {{ source('raw', 'responses') }}
)

select
    ---------- ids
    {{ key_of(['source_name', 'survey_id', 'response_id']) }} as response_key,
    source_name,
    tool,
    survey_id,
    {{ published_id('response_id') }} as response_id,
    load_id,
    sequence,
    {{ published_id('customer_id') }} as customer_id,
    {{ published_id('account_id') }} as account_id,
    ---------- words
    -- A hidden field of that name may hold anything; a column was named by a person.
    case
        when tool = 'files' or {{ is_language_tag('language') }} then {{ language_tag('language') }}
    end as language,
    {{ filled('channel') }} as channel,
    lower({{ filled('audience') }}) as audience,
    {{ filled('email') }} as email,
    payload,
    ---------- numbers and booleans
    weight,
    coalesce(is_complete, true) as is_complete,
    coalesce(is_deleted, false) as is_deleted,
    ---------- times (UTC)
    fetched_at,
    submitted_at
from source
