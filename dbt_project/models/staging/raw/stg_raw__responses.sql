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
        ) as newest_first,
        min(load_id) over (
            partition by response_key order by load_id desc nulls last, sequence desc nulls last
            rows between unbounded preceding and unbounded following
        ) as first_load_id,
        min(fetched_at) over (
            partition by response_key order by load_id desc nulls last, sequence desc nulls last
            rows between unbounded preceding and unbounded following
        ) as first_fetched_at
    from versions
),

known as (
    {%- if is_incremental() %}
    select
        response_key,
        first_load_id,
        first_fetched_at
    from {{ this }}
    where response_key in (select newest.response_key from newest)
    {%- else %}
    select
        response_key,
        first_load_id,
        first_fetched_at
    from newest
    where false
    {%- endif %}
)

select
    newest.response_key,
    newest.source_name,
    newest.tool,
    newest.survey_id,
    newest.response_id,
    newest.load_id,
    newest.sequence,
    newest.customer_id,
    newest.account_id,
    newest.language,
    newest.channel,
    newest.audience,
    newest.weight,
    newest.is_complete,
    newest.is_deleted,
    newest.fetched_at,
    newest.submitted_at,
    least(known.first_load_id, newest.first_load_id) as first_load_id,
    least(known.first_fetched_at, newest.first_fetched_at) as first_fetched_at,
    -- Compared with the time it was fetched, not with now: a build from raw says the same at any later time.
    case
        when newest.is_deleted then null
        when newest.submitted_at is null then 'it does not say when it was submitted'
        when newest.submitted_at > newest.fetched_at + interval '24' hour
            then 'it is dated more than 24 hours after it was fetched'
    end as quarantine_reason
from newest
left join known
    on newest.response_key = known.response_key
where newest.newest_first = 1
