-- One row per version of a saved Delighted response and answer; of several things chosen one row each.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'delighted' and not is_deleted
),

items as (
    select
        response_key,
        load_id,
        sequence,
        position,
        {{ json_text('payload', 'kind') }} as survey_type,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'question') }} as question_text,
        {{ json_text('item', 'type') }} as answer_type,
        {{ json_text('item', 'text') }} as value_text,
        {{ json_text('item', 'choice') }} as choice_id
    from {{ json_items('versions', json_part('payload', 'answers')) }}
),

measured as (
    select
        items.*,
        {{ delighted_metric('answer_type', 'survey_type') }} as tool_metric
    from items
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    {{ filled('question_text') }} as question_text,
    cast(position * 1000 as bigint) as position,
    value_text,
    choice_id,
    tool_metric,
    case when tool_metric in ('nps', 'enps') then 0e0 end as tool_scale_min,
    case when tool_metric in ('nps', 'enps') then 10e0 end as tool_scale_max
from measured
where {{ filled('value_text') }} is not null and question_ref is not null
