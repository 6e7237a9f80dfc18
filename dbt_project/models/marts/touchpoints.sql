-- One row per touchpoint, as the programme has it now.
{{ config(materialized='view') }}

select
    touchpoint_id,
    journey_id,
    stage,
    position,
    name,
    description,
    interaction_method,
    customer_expectation,
    expected_metric,
    expected_score,
    is_moment_of_truth,
    owner_team_id
from {{ ref('stg_programme__touchpoints') }}
