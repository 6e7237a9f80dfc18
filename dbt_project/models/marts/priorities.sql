-- One row per pain point: what to work on first, on three levels, with every input of every score and why in words.
{{ config(tags=['in_hand']) }}

with theme_names as (
    select
        themes.theme_id,
        coalesce(
            min(case when themes.language = settings.language then themes.name end),
            min(case when themes.language in ('en', '*') then themes.name end),
            min(themes.name),
            themes.theme_id
        ) as name
    from {{ ref('stg_programme__themes') }} as themes
    cross join {{ source('computed', 'settings') }} as settings
    group by themes.theme_id
),

named as (
    select
        scored.*,
        coalesce(theme_names.name, scored.theme_id) as theme_name,
        case
            when touchpoints.touchpoint_id is not null then coalesce(touchpoints.name, touchpoints.touchpoint_id)
        end as touchpoint_name,
        case
            when journeys.journey_id is not null then coalesce(journeys.name, journeys.journey_id)
        end as journey_name
    from {{ ref('int_priorities_scored') }} as scored
    left join theme_names
        on scored.theme_id = theme_names.theme_id
    left join {{ ref('stg_programme__touchpoints') }} as touchpoints
        on scored.touchpoint_id = touchpoints.touchpoint_id
    left join {{ ref('stg_programme__journeys') }} as journeys
        on scored.journey_id = journeys.journey_id
)

select
    pain_point_id,
    row_number() over (
        order by
            battle_score desc nulls last,
            problem_score desc nulls last,
            strategic_score desc nulls last,
            pain_point_id asc nulls last
    ) as priority_rank,
    journey_id,
    touchpoint_id,
    theme_id,
    {{ priority_reason() }} as reason,
    kind,
    kind_source,
    strategic_score,
    problem_score,
    battle_score,
    strategic_weight,
    goal_id,
    goal_verdict,
    goal_reason,
    goal_need,
    relative_value,
    mean_annual_value,
    value_at_risk,
    unknown_value_count,
    currency,
    customer_count,
    answer_count,
    customers_heard,
    reach,
    reach_low,
    reach_high,
    impact,
    impact_metric,
    score_with,
    score_without,
    confidence,
    trend,
    rate,
    rate_before,
    trend_factor,
    effort_person_months,
    effort_source,
    cost,
    benefit_per_cost,
    pay_factor,
    root_cause_id,
    root_cause_source,
    root_cause_share,
    root_cause_named,
    matched_initiative_id,
    initiative_status,
    quick_fix_team_id,
    is_already_in_hand,
    in_hand_factor,
    decision,
    decision_reason,
    decided_on
from named
