-- One row of journey_metrics that a manager may read: finished periods, suppressed rows left out, names joined.
{{ config(materialized='view') }}

select
    metrics.period,
    metrics.period_start,
    metrics.journey_id,
    journeys.name as journey_name,
    metrics.touchpoint_id,
    touchpoints.name as touchpoint_name,
    touchpoints.stage,
    metrics.segment_type,
    metrics.segment,
    metrics.survey_kind,
    metrics.metric,
    metrics.answer_count,
    metrics.respondent_count,
    metrics.effective_count,
    metrics.score,
    metrics.score_low,
    metrics.score_high,
    metrics.unweighted_score,
    metrics.mean_value,
    metrics.unweighted_mean,
    metrics.promoter_count,
    metrics.passive_count,
    metrics.detractor_count,
    metrics.top_count,
    metrics.middle_count,
    metrics.bottom_count,
    metrics.verdict,
    metrics.previous_score,
    metrics.score_change,
    metrics.change_p_value,
    metrics.change_q_value
from {{ ref('journey_metrics') }} as metrics
left join {{ ref('journeys') }} as journeys
    on metrics.journey_id = journeys.journey_id
left join {{ ref('touchpoints') }} as touchpoints
    on metrics.touchpoint_id = touchpoints.touchpoint_id
where
    metrics.verdict <> 'suppress'
    and (metrics.is_finished or metrics.period = 'all')
