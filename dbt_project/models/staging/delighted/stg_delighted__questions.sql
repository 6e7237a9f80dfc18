-- One row per version of a kind of Delighted survey and question that was answered in it.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'delighted'
),

described as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'question') }} as question_text,
        {{ json_text('item', 'type') }} as answer_type,
        {{ json_text('item', 'kind') }} as survey_type
    from {{ json_items('source', json_part('payload', 'asked')) }}
),

measured as (
    select
        described.*,
        {{ delighted_metric('answer_type', 'survey_type') }} as tool_metric
    from described
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    {{ filled('question_text') }} as question_text,
    tool_metric,
    case when tool_metric in ('nps', 'enps') then 0e0 end as tool_scale_min,
    case when tool_metric in ('nps', 'enps') then 10e0 end as tool_scale_max
from measured
where question_ref is not null
