-- One row per pain point: every input of its scores that needs all history, and the scores that rest on these alone.
{{ config(tags=['daily']) }}

with said as (
    select
        scores.respondent_key,
        scores.local_date
    from {{ ref('int_scores_located') }} as scores
    union all
    select
        classed.respondent_key,
        classed.local_date
    from {{ ref('int_comments_classed') }} as classed
),

heard as (
    select count(distinct said.respondent_key) as customers_heard
    from said
    cross join {{ source('computed', 'settings') }} as settings
    where {{ window_of('said.local_date') }} = 'now'
),

pains as (
    select
        *,
        {{ agreed_cause('root_cause_id', 'root_cause_share') }} as agreed_cause_id
    from {{ ref('pain_points') }}
),

gathered as (
    select
        pains.*,
        aimed.strategic_weight,
        aimed.goal_id,
        aimed.goal_verdict,
        aimed.goal_reason,
        aimed.goal_need,
        aimed.mean_annual_value,
        aimed.relative_value,
        cast(heard.customers_heard as bigint) as customers_heard,
        pains.customer_count / nullif(cast(heard.customers_heard as double), 0e0) as reach,
        cast(heard.customers_heard as double) as n,
        {{ pain_impact('pains.impact_metric', 'pains.score_with', 'pains.score_without') }} as impact,
        assessed.assessment_key,
        assessed.effort_person_months as assessed_effort,
        assessed.cost,
        pains.value_at_risk / nullif(assessed.cost, 0e0) as benefit_per_cost,
        coalesce(assessed.root_cause_id, pains.agreed_cause_id) as cause_id,
        case
            when assessed.root_cause_id is not null then 'assessed'
            when pains.agreed_cause_id is not null then 'named'
        end as root_cause_source,
        case
            when assessed.root_cause_id is not null or assessed.effort_person_months is not null then 'assessed'
            when pains.agreed_cause_id is not null then 'named'
            else 'default'
        end as kind_source,
        matched.initiative_id as matched_initiative_id,
        matched.initiative_name,
        matched.status as initiative_status,
        matched.due_on as initiative_due_on,
        coalesce(matched.is_in_hand, false) as is_initiative_in_hand,
        decided.decision,
        decided.decision_reason,
        decided.decided_on
    from pains
    cross join heard
    inner join {{ ref('int_pains_aimed') }} as aimed
        on pains.pain_point_id = aimed.pain_point_id
    left join {{ ref('int_pains_assessed') }} as assessed
        on pains.pain_point_id = assessed.pain_point_id
    left join {{ ref('int_pains_matched') }} as matched
        on pains.pain_point_id = matched.pain_point_id
    left join {{ ref('int_pains_decided') }} as decided
        on pains.pain_point_id = decided.pain_point_id
),

sorted_out as (
    select
        gathered.*,
        coalesce(causes.name, gathered.cause_id) as root_cause_name,
        {{ pain_kind('causes.is_structural', 'gathered.assessed_effort') }} as kind,
        {{ strategic_score('gathered.strategic_weight', 'gathered.goal_need', 'gathered.relative_value') }}
            as strategic_score,
        {{ problem_score('gathered.reach', 'gathered.impact', 'gathered.confidence', 'gathered.trend') }}
            as problem_score
    from gathered
    left join {{ ref('int_causes_named') }} as causes
        on gathered.cause_id = causes.root_cause_id
),

weighed as (
    select
        *,
        coalesce(assessed_effort, {{ default_effort('kind', 'kind_source') }}) as effort_person_months
    from sorted_out
)

select
    pain_point_id,
    journey_id,
    touchpoint_id,
    theme_id,
    kind,
    kind_source,
    strategic_score,
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
    problem_score,
    customer_count,
    answer_count,
    customers_heard,
    reach,
    {{ wilson_low('reach', 'n') }} as reach_low,
    {{ wilson_high('reach', 'n') }} as reach_high,
    impact,
    impact_metric,
    score_with,
    score_without,
    confidence,
    trend,
    rate,
    rate_before,
    {{ trend_factor('trend') }} as trend_factor,
    effort_person_months,
    case when assessed_effort is null then 'default' else 'assessed' end as effort_source,
    assessment_key,
    cost,
    benefit_per_cost,
    {{ pay_factor('benefit_per_cost') }} as pay_factor,
    cause_id as root_cause_id,
    root_cause_name,
    root_cause_source,
    root_cause_share,
    root_cause_named,
    matched_initiative_id,
    initiative_name,
    initiative_status,
    initiative_due_on,
    is_initiative_in_hand,
    decision,
    decision_reason,
    decided_on
from weighed
