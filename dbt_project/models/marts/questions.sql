-- One row per question, as the programme has it now.
{{ config(materialized='view') }}

select
    source_name,
    survey_id,
    question_ref,
    question_text,
    metric,
    scale_min,
    scale_max,
    is_reversed,
    no_answer_values,
    journey_id,
    touchpoint_id,
    survey_kind,
    asks_for,
    experience,
    choices
from {{ ref('stg_programme__questions') }}
