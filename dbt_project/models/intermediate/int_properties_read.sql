-- One row per response and property, contact details included, and one without a name that carries the e-mail
-- address of the response itself. Lives in the private schema.
{{ config(
    materialized='incremental', incremental_strategy='replace_touched', schema='private',
    meta={'touched_by': 'versions'}
) }}

with kept as (
    {%- for tool in survey_tools() %}
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        is_contact
    from {{ ref('stg_' ~ tool ~ '__properties') }}
    {%- if is_incremental() %}
    where load_id > {{ watermark(this) }}
    {%- endif %}
    union all
    {%- endfor %}
    select
        response_key,
        load_id,
        sequence,
        cast(null as {{ dbt.type_string() }}) as name,
        email as value,
        true as is_contact
    from {{ ref('stg_raw__response_versions') }}
    {%- if is_incremental() %}
    where load_id > {{ watermark(this) }}
    {%- endif %}
)

select
    kept.response_key,
    kept.name,
    max(kept.value) as value,
    kept.is_contact,
    max(kept.load_id) as load_id
from kept
inner join {{ ref('stg_raw__responses') }} as responses
    on
        kept.response_key = responses.response_key
        and kept.load_id = responses.load_id
        and kept.sequence = responses.sequence
where
    responses.quarantine_reason is null and not responses.is_deleted
    {%- if is_incremental() %}
    and responses.load_id > {{ watermark(this) }}
    {%- endif %}
group by kept.response_key, kept.name, kept.is_contact
