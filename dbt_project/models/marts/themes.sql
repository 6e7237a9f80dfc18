-- One row per theme and language or code, as the programme has it now.
{{ config(materialized='view') }}

select
    theme_id,
    name,
    kind,
    language,
    pattern,
    theme_code,
    source_name,
    survey_id,
    question_ref,
    example,
    counter_example
from {{ ref('stg_programme__themes') }}
