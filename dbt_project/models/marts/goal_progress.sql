-- One row per goal: where its score stands in the 90 full days before today, and whether the target is reached.
{{ config(tags=['daily']) }}

with goals as (
    select
        goals.*,
        touchpoints.journey_id as own_journey_id,
        case
            when {{ is_any('goals.touchpoint_id') }} then 'all'
            else goals.touchpoint_id
        end as place_touchpoint_id,
        case
            when {{ is_any('goals.journey_id') }} then 'all'
            else goals.journey_id
        end as told_journey_id
    from {{ ref('stg_programme__goals') }} as goals
    left join {{ ref('stg_programme__touchpoints') }} as touchpoints
        on goals.touchpoint_id = touchpoints.touchpoint_id
),

placed as (
    select
        *,
        case
            when own_journey_id is not null then own_journey_id
            when told_journey_id = 'all' and place_touchpoint_id = 'none' then 'none'
            else told_journey_id
        end as place_journey_id,
        -- As for answers: what is asked about a touchpoint is transactional unless somebody says otherwise.
        coalesce(
            survey_kind,
            case when own_journey_id is not null then 'transactional' else 'relational' end
        ) as place_survey_kind
    from goals
),

standing as (
    select
        placed.goal_id,
        placed.place_journey_id as journey_id,
        placed.place_touchpoint_id as touchpoint_id,
        placed.metric,
        placed.place_survey_kind as survey_kind,
        metrics.answer_count,
        metrics.respondent_count,
        metrics.effective_count,
        metrics.score,
        metrics.score_low,
        metrics.score_high,
        metrics.verdict as score_verdict,
        placed.target_score,
        metrics.score - placed.target_score as distance,
        placed.by_date,
        coalesce(placed.by_date < settings.today, false) as is_over
    from placed
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('journey_metrics') }} as metrics
        on
            metrics.period = 'rolling_90d'
            and metrics.segment_type = 'all'
            and metrics.segment = 'all'
            and placed.place_journey_id = metrics.journey_id
            and placed.place_touchpoint_id = metrics.touchpoint_id
            and placed.place_survey_kind = metrics.survey_kind
            and placed.metric = metrics.metric
),

reasoned as (
    select
        *,
        {{ goal_reason('score_verdict', 'score_low', 'score_high', 'target_score', 'is_over') }} as reason
    from standing
)

select
    goal_id,
    journey_id,
    touchpoint_id,
    metric,
    survey_kind,
    coalesce(answer_count, 0) as answer_count,
    coalesce(respondent_count, 0) as respondent_count,
    effective_count,
    score,
    score_low,
    score_high,
    score_verdict,
    target_score,
    distance,
    by_date,
    {{ goal_verdict('reason') }} as verdict,
    reason
from reasoned
