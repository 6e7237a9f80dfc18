-- One row per owner, as the programme has it now. Addresses stay inside.
{{ config(materialized='view') }}

select
    owner_id,
    team_id,
    name,
    role,
    segments,
    properties,
    language,
    timezone,
    calendar_id,
    away_from,
    away_until,
    deputy_owner_id
from {{ ref('stg_programme__owners') }}
