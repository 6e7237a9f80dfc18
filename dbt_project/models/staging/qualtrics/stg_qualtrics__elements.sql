-- One row per version of a Qualtrics survey and question of it, as far as answers are read by it. What an answer means
-- is read in the version that was known when the answer was collected, so that an increment says what a rebuild says.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'qualtrics'
),

questions as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        name as question_id,
        {{ json_text('value', 'QuestionType') }} as question_type,
        {{ json_text('value', 'Selector') }} as selector,
        {{ json_text('value', 'Validation.Settings.ContentType') }} as content_type,
        coalesce({{ json_text('value', 'QuestionText') }}, {{ json_text('value', 'QuestionDescription') }}) as asked
    from {{ json_members('source', json_part('payload', 'definition.Questions')) }}
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_id,
    question_type,
    selector,
    content_type,
    asked,
    lead(load_id) over (
        partition by source_name, survey_id, question_id order by load_id asc nulls last, sequence asc nulls last
    ) as until_load_id
from questions
