-- One row per team, as the programme has it now. Addresses stay inside.
{{ config(materialized='view') }}

select
    team_id,
    name,
    timezone,
    calendar_id,
    language,
    digest_weekday
from {{ ref('stg_programme__teams') }}
