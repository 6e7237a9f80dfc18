-- One row per pain point that somebody decided about: the decision that names it most exactly, of these the newest.
{{ config(tags=['daily']) }}

with ranked as (
    select
        pains.pain_point_id,
        told.decision,
        -- What is published holds no address, whoever wrote it where.
        case
            when {{ holds_address('told.reason') }} then 'the reason holds an e-mail address and is not shown'
            else told.reason
        end as decision_reason,
        told.decided_on,
        row_number() over (
            partition by pains.pain_point_id
            order by
                {{ exactness('told') }} desc nulls last,
                told.decided_on desc nulls last,
                told.decision asc nulls last,
                told.line_no asc nulls last
        ) as best_first
    from {{ ref('pain_points') }} as pains
    inner join {{ ref('stg_programme__decisions') }} as told
        on {{ covers('told', 'pains') }}
)

select
    pain_point_id,
    decision,
    decision_reason,
    decided_on
from ranked
where best_first = 1
