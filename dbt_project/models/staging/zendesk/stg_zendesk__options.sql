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
),

told as (
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
),

-- Ids are told once; where one is not, an answer must not count twice for it. Options of a scale have none.
numbered as (
    select
        told.*,
        row_number() over (
            partition by source_name, survey_id, load_id, question_id, option_id, rating
            order by option_text asc nulls last
        ) as place
    from told
)

select
    source_name,
    survey_id,
    load_id,
    until_load_id,
    question_id,
    option_id,
    option_text,
    rating
from numbered
where place = 1
