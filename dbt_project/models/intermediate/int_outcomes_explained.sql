-- One row per journey, outcome metric, response and what it rated: the touchpoints that may explain an outcome, and the
-- outcome itself, which is called `none`. An outcome is a score asked of the whole; a journey's own is explained by the
-- journey's touchpoints, that of no journey (`all`) by all. Scores are positions on their scale, so that scales mix.
{{ config(materialized='view') }}

with placed as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        weight,
        cluster_key,
        {{ position('value', 'scale_min', 'scale_max') }} as position
    from {{ ref('int_scores_located') }}
),

asked_of_the_whole as (
    select
        response_key,
        case when journey_id = 'none' then 'all' else journey_id end as journey_id,
        metric as outcome_metric,
        survey_kind,
        max(weight) as weight,
        max(cluster_key) as cluster_key,
        avg(position) as score
    from placed
    where touchpoint_id = 'none' and position is not null
    group by response_key, journey_id, metric, survey_kind
),

rated as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        sum(position) as position_sum,
        count(position) as position_count
    from placed
    where
        touchpoint_id <> 'none' and position is not null
        and response_key in (select response_key from asked_of_the_whole)
    group by response_key, journey_id, touchpoint_id
),

-- A response is one case: what it says of a touchpoint several times is averaged.
explaining as (
    select
        outcomes.response_key,
        outcomes.journey_id,
        outcomes.outcome_metric,
        outcomes.survey_kind,
        rated.touchpoint_id,
        max(outcomes.weight) as weight,
        max(outcomes.cluster_key) as cluster_key,
        max(outcomes.score) as outcome_score,
        sum(rated.position_sum) / nullif(cast(sum(rated.position_count) as double), 0e0) as score
    from asked_of_the_whole as outcomes
    inner join rated
        on
            outcomes.response_key = rated.response_key
            and (outcomes.journey_id = rated.journey_id or outcomes.journey_id = 'all')
    group by
        outcomes.response_key, outcomes.journey_id, outcomes.outcome_metric, outcomes.survey_kind,
        rated.touchpoint_id
),

-- The outcome itself stands among what explains it, as what was asked of the whole.
cases as (
    select
        response_key,
        journey_id,
        outcome_metric,
        survey_kind,
        touchpoint_id,
        weight,
        cluster_key,
        score
    from explaining
    union all
    select
        response_key,
        journey_id,
        outcome_metric,
        survey_kind,
        'none' as touchpoint_id,
        max(weight) as weight,
        max(cluster_key) as cluster_key,
        max(outcome_score) as score
    from explaining
    group by response_key, journey_id, outcome_metric, survey_kind
),

-- Survey kinds are never pooled: the one with more responses speaks.
kinds as (
    select
        journey_id,
        outcome_metric,
        survey_kind,
        row_number() over (
            partition by journey_id, outcome_metric
            order by count(*) desc nulls last, survey_kind asc nulls last
        ) as kind_no
    from cases
    where touchpoint_id = 'none'
    group by journey_id, outcome_metric, survey_kind
)

select cases.*
from cases
inner join kinds
    on
        cases.journey_id = kinds.journey_id
        and cases.outcome_metric = kinds.outcome_metric
        and cases.survey_kind = kinds.survey_kind
where kinds.kind_no = 1
