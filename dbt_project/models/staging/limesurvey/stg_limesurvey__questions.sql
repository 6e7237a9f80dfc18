-- One row per version of a LimeSurvey survey and column that a question fills, hidden ones left out.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'limesurvey'
),

described as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'text') }} as question_text,
        {{ json_text('item', 'type') }} as question_type,
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
    {{ limesurvey_metric('question_type', 'question_ref') }} as tool_metric,
    tool_scale_min,
    tool_scale_max
from described
where question_ref is not null
