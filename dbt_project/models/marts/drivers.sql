-- One row per journey (or `all`), outcome metric and touchpoint: how much the touchpoint explains of the outcome.
-- Python weighs (flows/estimates) what int_driver_pairs_summed sums up; touchpoints that nobody rated together with the
-- outcome are added here, so that a missing one always says why. Made again within one build once they are weighed.
{{ config(tags=['daily']) }}

with estimated as (
    select * from {{ source('computed', 'drivers') }}
),

-- An outcome that no response rates a touchpoint beside has no estimate, and its rows say so.
asked as (
    select
        case when journey_id = 'none' then 'all' else journey_id end as journey_id,
        metric as outcome_metric,
        survey_kind,
        row_number() over (
            partition by case when journey_id = 'none' then 'all' else journey_id end, metric
            order by count(distinct response_key) desc nulls last, survey_kind asc nulls last
        ) as kind_no
    from {{ ref('int_scores_located') }}
    where touchpoint_id = 'none'
    group by journey_id, metric, survey_kind
),

weighed as (
    select
        journey_id,
        outcome_metric,
        max(survey_kind) as survey_kind,
        max(sample_count) as sample_count
    from estimated
    group by journey_id, outcome_metric
),

outcomes as (
    select
        asked.journey_id,
        asked.outcome_metric,
        coalesce(weighed.survey_kind, asked.survey_kind) as survey_kind,
        coalesce(weighed.sample_count, 0) as sample_count
    from asked
    left join weighed
        on asked.journey_id = weighed.journey_id and asked.outcome_metric = weighed.outcome_metric
    where asked.kind_no = 1
),

unrated as (
    select
        outcomes.journey_id,
        touchpoints.touchpoint_id,
        outcomes.outcome_metric,
        outcomes.survey_kind,
        outcomes.sample_count
    from outcomes
    inner join {{ ref('stg_programme__touchpoints') }} as touchpoints
        on outcomes.journey_id in (touchpoints.journey_id, 'all')
    left join estimated
        on
            outcomes.journey_id = estimated.journey_id
            and outcomes.outcome_metric = estimated.outcome_metric
            and touchpoints.touchpoint_id = estimated.touchpoint_id
    where estimated.touchpoint_id is null
)

select
    journey_id,
    touchpoint_id,
    outcome_metric,
    importance,
    importance_low,
    importance_high,
    rank_low,
    rank_high,
    sign,
    is_sign_certain,
    correlation,
    r_squared,
    answer_count,
    sample_count,
    survey_kind,
    method,
    left_out,
    is_repaired,
    replicate_count,
    seed
from estimated
union all
select
    journey_id,
    touchpoint_id,
    outcome_metric,
    cast(null as double) as importance,
    cast(null as double) as importance_low,
    cast(null as double) as importance_high,
    cast(null as bigint) as rank_low,
    cast(null as bigint) as rank_high,
    cast(null as bigint) as sign,
    cast(null as boolean) as is_sign_certain,
    cast(null as double) as correlation,
    cast(null as double) as r_squared,
    0 as answer_count,
    sample_count,
    survey_kind,
    cast(null as {{ dbt.type_string() }}) as method,
    'not rated: no response rates it and the outcome' as left_out,
    cast(null as boolean) as is_repaired,
    cast(null as bigint) as replicate_count,
    cast(null as bigint) as seed
from unrated
