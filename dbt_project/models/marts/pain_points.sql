-- One row per touchpoint and theme that unhappy people spoke of in the last 90 full days (`none`: bad answers without a
-- theme): how many, what it does to the score, what it puts at risk, whether it grows, and why it comes about.
{{ config(tags=['daily']) }}

with compared as (
    select
        counted.*,
        counted.rate_now as rate,
        settings.today,
        settings.currency,
        left_out.impact_metric,
        left_out.impact_survey_kind,
        left_out.score,
        left_out.score_with,
        left_out.score_without,
        {{ two_sided_p('left_out.impact_z') }} as impact_p_value,
        case
            when
                round(counted.effective_now, 6) >= settings.suppress_below
                and round(counted.effective_before, 6) >= settings.suppress_below
                then {{ pooled_z(
                    'counted.rate_now', 'counted.effective_now', 'counted.rate_before', 'counted.effective_before'
                ) }}
        end as trend_z
    from {{ ref('int_pains_counted') }} as counted
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('int_pains_left_out') }} as left_out
        on counted.pain_point_id = left_out.pain_point_id
),

tested as (
    select
        *,
        {{ two_sided_p('trend_z') }} as trend_p_value
    from compared
),

ranked as (
    select
        *,
        trend_p_value is not null as has_trend,
        impact_p_value is not null as has_impact,
        row_number() over (order by trend_p_value asc nulls last, pain_point_id asc nulls last) as trend_rank,
        row_number() over (order by impact_p_value asc nulls last, pain_point_id asc nulls last) as impact_rank,
        count(trend_p_value) over () as trend_count,
        count(impact_p_value) over () as impact_count
    from tested
),

judged as (
    select
        *,
        case
            when has_trend then {{ q_value('trend_p_value', 'trend_rank', 'trend_count', 'has_trend') }}
        end as trend_q_value,
        case
            when has_impact then {{ q_value('impact_p_value', 'impact_rank', 'impact_count', 'has_impact') }}
        end as impact_q_value
    from ranked
)

select
    judged.pain_point_id,
    judged.journey_id,
    judged.touchpoint_id,
    judged.theme_id,
    cast(judged.today - interval '90' day as date) as window_start,
    cast(judged.today - interval '1' day as date) as window_end,
    judged.customer_count,
    judged.answer_count,
    judged.said_now as answers_asked,
    judged.speakers_now as customers_asked,
    judged.rate,
    judged.rate_before,
    judged.effective_now as effective_count,
    judged.effective_before as effective_count_before,
    judged.impact_metric,
    judged.impact_survey_kind,
    judged.score,
    judged.score_with,
    judged.score_without,
    judged.score - judged.score_without as score_impact,
    judged.impact_p_value,
    judged.impact_q_value,
    valued.value_at_risk,
    valued.unknown_value_count,
    judged.currency,
    case
        when judged.trend_q_value is null then 'cannot_tell'
        when judged.trend_q_value >= 0.05e0 then 'steady'
        when judged.rate > judged.rate_before then 'rising'
        else 'falling'
    end as trend,
    judged.trend_p_value,
    judged.trend_q_value,
    1e0 - judged.impact_q_value as confidence,
    explained.root_cause_id,
    explained.root_cause_share,
    coalesce(explained.root_cause_named, 0) as root_cause_named,
    judged.first_seen_at,
    judged.last_seen_at
from judged
inner join {{ ref('int_pains_valued') }} as valued
    on judged.pain_point_id = valued.pain_point_id
left join {{ ref('int_pains_explained') }} as explained
    on judged.pain_point_id = explained.pain_point_id
