-- One row per pain point: what it means to the company's aims: the weight of its journey, the goal that needs it most
-- among those of its touchpoint, its journey or the whole, and what those behind it are worth beside all customers.
{{ config(tags=['daily']) }}

with goals as (
    select
        *,
        {{ goal_need('reason') }} as need
    from {{ ref('goal_progress') }}
),

aims as (
    select
        pains.pain_point_id,
        goals.goal_id,
        goals.verdict as goal_verdict,
        goals.reason as goal_reason,
        goals.need as goal_need,
        row_number() over (
            partition by pains.pain_point_id
            order by
                goals.need desc nulls last,
                case when goals.touchpoint_id = 'all' then 0 else 1 end desc nulls last,
                case when goals.journey_id = 'all' then 0 else 1 end desc nulls last,
                goals.goal_id asc nulls last
        ) as best_first
    from {{ ref('pain_points') }} as pains
    inner join goals
        on
            goals.journey_id in ('all', pains.journey_id)
            and goals.touchpoint_id in ('all', pains.touchpoint_id)
),

worth as (
    select
        cast(sum({{ exactly('annual_value') }}) as double)
        / nullif(cast(count(annual_value) as double), 0e0) as mean_annual_value
    from {{ ref('int_customers_followed') }}
)

select
    pains.pain_point_id,
    journeys.strategic_weight,
    aims.goal_id,
    aims.goal_verdict,
    aims.goal_reason,
    coalesce(aims.goal_need, 0e0) as goal_need,
    worth.mean_annual_value,
    pains.value_at_risk / nullif(cast(pains.customer_count - pains.unknown_value_count as double), 0e0)
    / nullif(worth.mean_annual_value, 0e0) as relative_value
from {{ ref('pain_points') }} as pains
cross join worth
left join {{ ref('stg_programme__journeys') }} as journeys
    on pains.journey_id = journeys.journey_id
left join aims
    on pains.pain_point_id = aims.pain_point_id and aims.best_first = 1
