-- One row per response: its profile, the whole set of its segments of the configured types as one text. Many responses
-- share one, so that what is counted by segment is counted by profile first. Lengths stand in it so that no segment's
-- words can make two sets look alike.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

-- depends_on: {{ ref('stg_raw__responses') }}

with responses as (
    select * from {{ ref('responses') }}
    {%- if is_incremental() %}
    where {{ is_newer('load_id') }}
    {%- endif %}
),

properties as (
    {{ rows_of_touched(ref('response_properties')) }}
),

configured as (
    select
        {%- for name in segment_columns() %}
        max(case when segment_type = '{{ name }}' then segment_type end) as {{ name }}_type,
        {%- endfor %}
        count(*) as type_count
    from {{ source('computed', 'segment_types') }}
),

kept as (
    select
        properties.response_key,
        {{ joined_in_order(segment_in_profile('properties.name', 'properties.value')) }} as profile
    from properties
    inner join {{ source('computed', 'segment_types') }} as segment_types
        on properties.name = segment_types.segment_type
    where not {{ is_segment_column('properties.name') }}
    group by properties.response_key
)

select
    responses.response_key,
    {% for name in segment_columns() -%}
    coalesce({{ segment_in_profile('configured.' ~ name ~ '_type', 'responses.' ~ name) }}, '') || '|'
    || {% endfor -%}
    coalesce(kept.profile, '') as profile,
    responses.load_id
from responses
cross join configured
left join kept
    on responses.response_key = kept.response_key
