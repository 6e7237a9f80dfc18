-- One row per version of a survey and question that the tool itself defines.
{{ config(materialized='view') }}

with told as (
    {{ of_all_tools('questions') }}
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    question_text,
    tool_metric,
    tool_scale_min,
    tool_scale_max
from told
