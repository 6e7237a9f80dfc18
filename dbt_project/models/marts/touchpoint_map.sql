-- One row per touchpoint, survey kind and metric with answers: how it is perceived beside what is expected and beside
-- how important it is, over all time.
{{ config(tags=['daily']) }}

with cells as (
    select *
    from {{ ref('journey_metrics') }}
    where
        period = 'all'
        and segment_type = 'all'
        and segment = 'all'
        and touchpoint_id not in ('all', 'none')
),

expected as (
    select
        cells.*,
        touchpoints.stage,
        touchpoints.position,
        coalesce(touchpoints.is_moment_of_truth, false) as is_moment_of_truth,
        gaps.expected_score as asked_score,
        gaps.gap as asked_gap,
        gaps.gap_low as asked_low,
        gaps.gap_high as asked_high,
        gaps.gap_adjusted_low as asked_adjusted_low,
        gaps.gap_adjusted_high as asked_adjusted_high,
        gaps.pair_count,
        gaps.effective_count as pair_effective_count,
        case when touchpoints.expected_metric = cells.metric then touchpoints.expected_score end as set_score,
        stated.importance as stated_importance,
        derived.importance as derived_importance,
        derived.outcome_journey_id,
        derived.outcome_metric,
        count(stated.importance) over (partition by cells.survey_kind, cells.metric) as stated_beside
    from cells
    left join {{ ref('touchpoints') }} as touchpoints
        on cells.touchpoint_id = touchpoints.touchpoint_id
    left join {{ ref('int_gaps_estimated') }} as gaps
        on
            cells.journey_id = gaps.journey_id
            and cells.touchpoint_id = gaps.touchpoint_id
            and cells.survey_kind = gaps.survey_kind
            and cells.metric = gaps.metric
    left join {{ ref('int_importance_stated') }} as stated
        on cells.touchpoint_id = stated.touchpoint_id
    left join {{ ref('int_importance_derived') }} as derived
        on cells.touchpoint_id = derived.touchpoint_id
),

sourced as (
    select
        *,
        case
            when asked_gap is not null then 'asked'
            when set_score is not null then 'set'
        end as expectation_source,
        -- What was asked of one touchpoint alone can be compared with nothing.
        case
            when stated_importance is not null and (stated_beside > 1 or derived_importance is null) then 'stated'
            when derived_importance is not null then 'derived'
        end as importance_source
    from expected
),

rated as (
    select
        *,
        case importance_source
            when 'stated' then stated_importance
            when 'derived' then derived_importance
        end as importance,
        case when importance_source = 'derived' then outcome_journey_id end as importance_journey_id,
        case when importance_source = 'derived' then outcome_metric end as importance_metric,
        case expectation_source when 'asked' then asked_score when 'set' then set_score end as told_score,
        case expectation_source when 'asked' then asked_gap when 'set' then score - set_score end as gap,
        case expectation_source when 'asked' then asked_low when 'set' then score_low - set_score end as gap_low,
        case expectation_source when 'asked' then asked_high when 'set' then score_high - set_score end as gap_high,
        -- The interval of a score is an adjusted one already.
        case expectation_source
            when 'asked' then asked_adjusted_low
            when 'set' then score_low - set_score
        end as gap_adjusted_low,
        case expectation_source
            when 'asked' then asked_adjusted_high
            when 'set' then score_high - set_score
        end as gap_adjusted_high,
        case expectation_source
            when 'asked' then pair_effective_count
            when 'set' then effective_count
        end as gap_effective_count
    from sourced
),

-- A line through one touchpoint parts nothing, so there is none.
cut as (
    select
        *,
        case when count(importance) over alike > 1 then avg(importance) over alike end as importance_cut,
        case when count(score) over beside > 1 then avg(score) over beside end as performance_cut
    from rated
    window
        beside as (partition by survey_kind, metric),
        alike as (
            partition by survey_kind, metric, importance_source, importance_journey_id, importance_metric
        )
),

placed as (
    select
        *,
        round(importance, 9) >= round(importance_cut, 9) as is_important,
        round(score, 9) >= round(performance_cut, 9) as is_performing
    from cut
)

select
    placed.journey_id,
    placed.stage,
    placed.position,
    placed.touchpoint_id,
    placed.survey_kind,
    placed.metric,
    placed.answer_count,
    placed.respondent_count,
    placed.effective_count,
    placed.score,
    placed.score_low,
    placed.score_high,
    placed.expectation_source,
    placed.told_score as expected_score,
    placed.gap,
    placed.gap_low,
    placed.gap_high,
    placed.gap_adjusted_low,
    placed.gap_adjusted_high,
    coalesce(placed.pair_count, 0) as pair_count,
    case
        when placed.gap is not null
            then {{ verdict('placed.gap_effective_count', 'placed.gap_adjusted_low', 'placed.gap_adjusted_high',
                'settings.suppress_below', flag_wider_than('placed.metric', 'settings')) }}
    end as gap_verdict,
    placed.is_moment_of_truth,
    placed.importance,
    placed.importance_source,
    placed.importance_journey_id,
    placed.importance_metric,
    placed.stated_importance,
    placed.derived_importance,
    placed.score as performance,
    placed.importance_cut,
    placed.performance_cut,
    case
        when placed.is_important and placed.is_performing then 'keep_up'
        when placed.is_important and not placed.is_performing then 'concentrate_here'
        when not placed.is_important and placed.is_performing then 'possible_overkill'
        when not placed.is_important and not placed.is_performing then 'low_priority'
    end as quadrant,
    placed.verdict
from placed
cross join {{ source('computed', 'settings') }} as settings
