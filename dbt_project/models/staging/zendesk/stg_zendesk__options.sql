-- One row per version of a Zendesk survey, question and option of it: what the option is called.

with definitions as (
    {{ definitions_in_time('zendesk') }}
),

questions as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        {{ json_text('item', 'id') }} as question_id,
        item as question
    from {{ json_items('definitions', json_part('payload', 'questions')) }}
)

select
    source_name,
    survey_id,
    load_id,
    until_load_id,
    question_id,
    {{ json_text('item', 'id') }} as option_id,
    {{ filled(json_text('item', 'label.value')) }} as option_text,
    try_cast({{ json_text('item', 'rating') }} as double) as rating
from {{ json_items('questions', json_part('question', 'options')) }}
