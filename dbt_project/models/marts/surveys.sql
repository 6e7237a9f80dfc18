-- One row per survey, as the programme has it now.
{{ config(materialized='view') }}

select
    source_name,
    survey_id,
    name,
    purpose,
    goal_id,
    owner_team_id,
    channel,
    audience,
    survey_kind
from {{ ref('stg_programme__surveys') }}
