-- One row per answer to a metric question, on its scale.
{{ config(materialized='view') }}

select
    answer_key,
    response_key,
    question_ref,
    metric,
    survey_kind,
    asks_for,
    journey_id,
    touchpoint_id,
    value,
    raw_value,
    scale_min,
    scale_max,
    score_class,
    submitted_at,
    load_id
from {{ ref('int_answers_judged') }}
where quarantine_reason is null and metric in ('nps', 'enps', 'csat', 'ces', 'rating')
