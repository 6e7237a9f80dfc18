-- One row per version of a Mopinion feedback and answer; of several things chosen one row each.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'mopinion' and not is_deleted
),

items as (
    select
        response_key,
        load_id,
        sequence,
        position,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'kind') }} as field_kind,
        {{ json_text('item', 'text') }} as value_text,
        {{ json_text('item', 'choice') }} as choice_id
    from {{ json_items('versions', json_part('payload', 'answers')) }}
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position * 1000 as bigint) as position,
    value_text,
    choice_id,
    {{ mopinion_metric('field_kind') }} as tool_metric,
    case when field_kind = 'nps' then 0e0 end as tool_scale_min,
    case when field_kind = 'nps' then 10e0 end as tool_scale_max
from items
where {{ filled('value_text') }} is not null and question_ref is not null
