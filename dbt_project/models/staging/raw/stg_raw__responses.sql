-- One row per response: its newest version, also where that one is deleted or set aside.
{{ config(materialized='incremental', incremental_strategy='replace_touched', meta={'touched_by': 'arrival'}) }}

with versions as (
    select * from {{ ref('stg_raw__response_versions') }}
    {%- if is_incremental() %}
    where load_id > {{ watermark(this) }}
    {%- endif %}
),

newest as (
    select
        versions.*,
        row_number() over (
            partition by response_key order by load_id desc nulls last, sequence desc nulls last
        ) as newest_first
    from versions
)

select
    response_key,
    source_name,
    tool,
    survey_id,
    response_id,
    load_id,
    sequence,
    customer_id,
    account_id,
    language,
    channel,
    audience,
    weight,
    is_complete,
    is_deleted,
    fetched_at,
    submitted_at,
    -- Compared with the time it was fetched, not with now: a build from raw says the same at any later time.
    case
        when is_deleted then null
        when submitted_at is null then 'it does not say when it was submitted'
        when submitted_at > fetched_at + interval '24' hour
            then 'it is dated more than 24 hours after it was fetched'
    end as quarantine_reason
from newest
where newest_first = 1
