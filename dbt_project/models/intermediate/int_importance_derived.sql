-- One row per touchpoint that explains an outcome: how much, of the outcome that most touchpoints can be compared by:
-- the company's before the journey's own, nps before the others.
{{ config(tags=['daily']) }}

with ordered as (
    select
        touchpoint_id,
        journey_id,
        outcome_metric,
        importance,
        row_number() over (
            partition by touchpoint_id
            order by
                case when journey_id = 'all' then 0 else 1 end asc nulls last,
                case outcome_metric
                    when 'nps' then 1
                    when 'enps' then 2
                    when 'csat' then 3
                    when 'rating' then 4
                    else 5
                end asc nulls last,
                journey_id asc nulls last
        ) as best_first
    from {{ ref('drivers') }}
    where importance is not null
)

select
    touchpoint_id,
    journey_id as outcome_journey_id,
    outcome_metric,
    importance
from ordered
where best_first = 1
