-- One row per version of a Formbricks survey and hidden field or variable that it declares.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'formbricks'
),

declared as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        'hidden' as kind,
        {{ json_scalar('item') }} as field_id,
        {{ json_scalar('item') }} as name
    from {{ json_items('source', json_part('payload', 'hiddenFields.fieldIds')) }}
    union all
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        'variable' as kind,
        {{ json_text('item', 'id') }} as field_id,
        {{ json_text('item', 'name') }} as name
    from {{ json_items('source', json_part('payload', 'variables')) }}
)

select
    source_name,
    survey_id,
    kind,
    field_id,
    name,
    load_id,
    lead(load_id) over (
        partition by source_name, survey_id, kind, field_id
        order by load_id asc nulls last, sequence asc nulls last, name asc nulls last
    ) as until_load_id
from declared
where field_id is not null
