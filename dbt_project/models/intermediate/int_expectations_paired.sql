-- One row per response, journey, touchpoint, survey kind and metric that the response tells both expected and
-- perceived: what lies between the two. Several questions of one kind count as their mean.
{{ config(materialized='view') }}

with expected as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        avg({{ score_code('score_class') }}) as expected_code
    from {{ ref('int_answers_judged') }}
    where quarantine_reason is null and asks_for = 'expectation' and score_class is not null
    group by response_key, journey_id, touchpoint_id, survey_kind, metric
),

perceived as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        avg(code) as perceived_code,
        max(weight) as weight,
        max(cluster_key) as cluster_key
    from {{ ref('int_scores_located') }}
    group by response_key, journey_id, touchpoint_id, survey_kind, metric
)

select
    perceived.response_key,
    perceived.journey_id,
    perceived.touchpoint_id,
    perceived.survey_kind,
    perceived.metric,
    expected.expected_code,
    perceived.perceived_code,
    perceived.perceived_code - expected.expected_code as difference,
    perceived.weight,
    perceived.cluster_key
from perceived
inner join expected
    on
        perceived.response_key = expected.response_key
        and perceived.journey_id = expected.journey_id
        and perceived.touchpoint_id = expected.touchpoint_id
        and perceived.survey_kind = expected.survey_kind
        and perceived.metric = expected.metric
