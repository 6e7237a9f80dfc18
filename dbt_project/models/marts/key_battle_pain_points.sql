-- One row per key battle and pain point in it.
{{ config(tags=['daily']) }}

select
    battle_id,
    pain_point_id
from {{ ref('int_battles_joined') }}
