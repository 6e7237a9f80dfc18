-- One row per response and configured segment type that the response has a segment of.
{{ config(materialized='view') }}

with responses as (
    select * from {{ ref('responses') }}
),

own as (
    {%- for name in segment_columns() %}
    select
        response_key,
        '{{ name }}' as segment_type,
        {{ name }} as segment,
        load_id
    from responses
    where {{ name }} is not null
    union all
    {%- endfor %}
    select
        responses.response_key,
        properties.name as segment_type,
        properties.value as segment,
        responses.load_id
    from responses
    inner join {{ ref('response_properties') }} as properties
        on responses.response_key = properties.response_key
    where not {{ is_segment_column('properties.name') }}
)

select
    own.response_key,
    own.segment_type,
    own.segment,
    own.load_id
from own
inner join {{ source('computed', 'segment_types') }} as segment_types
    on own.segment_type = segment_types.segment_type
