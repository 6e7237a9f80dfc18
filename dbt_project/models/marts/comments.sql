-- One row per comment, as it was written; a coded one (an answer that names a theme) has no text.
{{ config(materialized='view') }}

select
    answer_key as comment_key,
    response_key,
    question_ref,
    journey_id,
    touchpoint_id,
    language,
    case when metric = 'comment' then value_text end as text,
    submitted_at,
    load_id
from {{ ref('int_answers_judged') }}
where metric in ('comment', 'theme_code')
