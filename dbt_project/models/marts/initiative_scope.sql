-- One row per initiative and place it touches, as the programme has it now.
{{ config(materialized='view') }}

select
    initiative_id,
    touchpoint_id,
    theme_id
from {{ ref('stg_programme__initiative_scope') }}
