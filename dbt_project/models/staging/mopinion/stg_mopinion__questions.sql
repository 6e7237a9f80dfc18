-- One row per version of a Mopinion dataset and field of its form.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'mopinion'
),

described as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'text') }} as question_text,
        {{ json_text('item', 'kind') }} as field_kind,
        try_cast({{ json_text('item', 'low') }} as double) as tool_scale_min,
        try_cast({{ json_text('item', 'high') }} as double) as tool_scale_max
    from {{ json_items('source', json_part('payload', 'asked')) }}
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    {{ filled('question_text') }} as question_text,
    {{ mopinion_metric('field_kind') }} as tool_metric,
    case when field_kind = 'nps' then 0e0 else tool_scale_min end as tool_scale_min,
    case when field_kind = 'nps' then 10e0 else tool_scale_max end as tool_scale_max
from described
where question_ref is not null
