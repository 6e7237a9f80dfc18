-- One row per root cause and language, as the programme has it now.
{{ config(materialized='view') }}

select
    root_cause_id,
    name,
    language,
    is_structural,
    team_id
from {{ ref('stg_programme__root_causes') }}
