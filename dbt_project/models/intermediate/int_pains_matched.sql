-- One row per pain point that an initiative covers which was not dropped: one that is in hand first, then what is
-- proposed, then what is done; of these the one whose scope names it most exactly.
{{ config(tags=['daily']) }}

with told as (
    select
        scopes.touchpoint_id,
        scopes.theme_id,
        initiatives.initiative_id,
        initiatives.name,
        coalesce(initiatives.status, 'proposed') as status,
        initiatives.due_on,
        {{ is_in_hand('initiatives.status') }} as is_in_hand
    from {{ ref('stg_programme__initiative_scope') }} as scopes
    inner join {{ ref('stg_programme__initiatives') }} as initiatives
        on scopes.initiative_id = initiatives.initiative_id
    where coalesce(initiatives.status, 'proposed') <> 'dropped'
),

ranked as (
    select
        pains.pain_point_id,
        told.initiative_id,
        coalesce(told.name, told.initiative_id) as initiative_name,
        told.status,
        told.due_on,
        told.is_in_hand,
        row_number() over (
            partition by pains.pain_point_id
            order by
                case when told.is_in_hand then 0 when told.status = 'proposed' then 1 else 2 end asc nulls last,
                {{ exactness('told') }} desc nulls last,
                told.initiative_id asc nulls last
        ) as best_first
    from {{ ref('pain_points') }} as pains
    inner join told
        on {{ covers('told', 'pains') }}
)

select
    pain_point_id,
    initiative_id,
    initiative_name,
    status,
    due_on,
    is_in_hand
from ranked
where best_first = 1
