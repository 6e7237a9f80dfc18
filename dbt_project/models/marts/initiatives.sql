-- One row per initiative, as the programme has it now.
{{ config(materialized='view') }}

select
    initiative_id,
    name,
    kind,
    status,
    owner_id,
    team_id,
    budget,
    currency,
    effort_person_months,
    started_on,
    due_on,
    released_on,
    metric,
    comparison_touchpoint_id,
    checkpoint_on,
    minimum_answers
from {{ ref('stg_programme__initiatives') }}
