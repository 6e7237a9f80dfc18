-- One row per journey, as the programme has it now.
{{ config(materialized='view') }}

select
    journey_id,
    name,
    position,
    audience,
    strategic_weight,
    owner_team_id
from {{ ref('stg_programme__journeys') }}
