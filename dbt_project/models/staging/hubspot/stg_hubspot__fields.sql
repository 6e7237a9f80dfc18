-- One row per version of a HubSpot account's properties and property in it: what it is called, how it is filled in.

with definitions as (
    {{ definitions_in_time('hubspot') }}
),

told as (
    select
        source_name,
        load_id,
        until_load_id,
        {{ json_text('item', 'name') }} as name,
        {{ plain_text(json_text('item', 'label')) }} as label,
        {{ json_text('item', 'type') }} as value_type,
        {{ json_text('item', 'fieldType') }} as field_type
    from {{ json_items('definitions', json_part('payload', 'results')) }}
    where {{ json_text('item', 'name') }} is not null
),

-- Names are told once; where one is not, an answer must not count twice for it.
numbered as (
    select
        told.*,
        row_number() over (partition by source_name, load_id, name order by label asc nulls last) as place
    from told
)

select
    source_name,
    load_id,
    until_load_id,
    name,
    label,
    value_type,
    field_type
from numbered
where place = 1
