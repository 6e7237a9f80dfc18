-- One row per journey, touchpoint, survey kind and metric of which some response tells both what was expected and
-- what was perceived: the mean gap and how sure it is.
{{ config(tags=['daily']) }}

with clusters as (
    select
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        cluster_key,
        count(*) as pair_count,
        sum(weight) as weight,
        sum(weight * difference) as weighted_difference,
        sum(weight * difference * difference) as weighted_square,
        sum(weight * expected_code) as weighted_expectation,
        min(difference) as least_difference,
        max(difference) as greatest_difference,
        min(weight) as weight_min,
        max(weight) as weight_max
    from {{ ref('int_expectations_paired') }}
    group by journey_id, touchpoint_id, survey_kind, metric, cluster_key
),

cells as (
    select
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        cast(sum(pair_count) as bigint) as pair_count,
        count(*) as cluster_count,
        sum(weight) as weight_sum,
        sum(weighted_difference * weighted_difference) as square_sum,
        sum(weighted_difference * weight) as cross_sum,
        sum(weight * weight) as weight_square_sum,
        sum(weighted_difference) / nullif(sum(weight), 0e0) as mean_difference,
        sum(weighted_square) / nullif(sum(weight), 0e0) as mean_square,
        sum(weighted_expectation) / nullif(sum(weight), 0e0) as mean_expectation,
        min(least_difference) = max(greatest_difference) as is_one_code,
        min(weight_min) = max(weight_max) and count(*) = cast(sum(pair_count) as bigint) as is_simple,
        case when {{ is_points('metric') }} then 100e0 else 1e0 end as unit,
        case when {{ is_points('metric') }} then 2e0 else 1e0 end as reach
    from clusters
    group by journey_id, touchpoint_id, survey_kind, metric
),

deviations as (
    select
        *,
        -- Pairs that all agree vary by nothing, not by what rounding leaves.
        case
            when is_one_code then 0e0
            else greatest(mean_square - mean_difference * mean_difference, 0e0)
        end as simple_variance,
        {{ cluster_deviation('mean_difference', 'square_sum', 'cross_sum', 'weight_square_sum') }} as deviation
    from cells
),

variances as (
    select
        *,
        {{ clustered_variance('deviation', 'cluster_count', 'pair_count', 'weight_sum') }} as variance
    from deviations
),

effective as (
    select
        *,
        {{ effective_count('pair_count', 'cluster_count', 'is_simple', 'is_one_code', 'variance', 'simple_variance',
            'weight_sum', 'weight_square_sum') }} as effective_count
    from variances
)

select
    journey_id,
    touchpoint_id,
    survey_kind,
    metric,
    pair_count,
    effective_count,
    unit * mean_expectation as expected_score,
    unit * mean_difference as gap,
    unit * (mean_difference - {{ z_95() }} * sqrt(simple_variance / nullif(effective_count, 0e0))) as gap_low,
    unit * (mean_difference + {{ z_95() }} * sqrt(simple_variance / nullif(effective_count, 0e0))) as gap_high,
    unit * ({{ pairs_low('mean_difference', 'mean_square', 'effective_count', 'reach') }}) as gap_adjusted_low,
    unit * ({{ pairs_high('mean_difference', 'mean_square', 'effective_count', 'reach') }}) as gap_adjusted_high
from effective
