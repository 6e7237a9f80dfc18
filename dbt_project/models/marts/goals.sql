-- One row per goal, as the programme has it now.
{{ config(materialized='view') }}

select
    goal_id,
    journey_id,
    touchpoint_id,
    metric,
    survey_kind,
    target_score,
    by_date,
    expected_benefit,
    currency
from {{ ref('stg_programme__goals') }}
