-- One row of int_metric_cells_summed with its score, how sure it is, and what may be said of it.
{{ config(materialized='view') }}

with settings as (
    select
        today,
        suppress_below,
        flag_points_wider_than,
        flag_share_wider_than
    from {{ source('computed', 'settings') }}
),

cells as (
    select
        *,
        {{ is_points('metric') }} as is_points,
        weight_min = weight_max and cluster_count = answer_count as is_simple,
        good = answer_count or bad = answer_count
        or (good = 0e0 and (bad = 0e0 or not {{ is_points('metric') }})) as is_one_code
    from {{ ref('int_metric_cells_summed') }}
),

-- Equal weights are no weights: shares then come from counts and are exact.
shares as (
    select
        *,
        {{ weighted_share('good') }} as good_share,
        case when is_points then {{ weighted_share('bad') }} else 0e0 end as bad_share
    from cells
),

deviations as (
    select
        *,
        good_share - bad_share as mean_code,
        {{ answer_variance('good_share', 'bad_share') }} as simple_variance,
        {{ cluster_deviation('good_share - bad_share', 'square_sum', 'cross_sum', 'weight_square_sum') }} as deviation
    from shares
),

variances as (
    select
        *,
        {{ clustered_variance('deviation', 'cluster_count', 'answer_count', 'weight_sum') }} as variance
    from deviations
),

effective as (
    select
        *,
        {{ effective_count('answer_count', 'cluster_count', 'is_simple', 'is_one_code', 'variance',
            'simple_variance', 'weight_sum', 'weight_square_sum') }} as effective_count
    from variances
),

scored as (
    select
        *,
        case when is_points then 100e0 * (good_share - bad_share) else good_share end as score,
        case
            when is_points then {{ wald_low('good_share', 'bad_share', 'effective_count') }}
            else {{ wilson_low('good_share', 'effective_count') }}
        end as score_low,
        case
            when is_points then {{ wald_high('good_share', 'bad_share', 'effective_count') }}
            else {{ wilson_high('good_share', 'effective_count') }}
        end as score_high,
        case
            when is_points then 100e0 * (good - bad) / nullif(cast(answer_count as double), 0e0)
            else good / nullif(cast(answer_count as double), 0e0)
        end as unweighted_score,
        scale_min_low = scale_min_high and scale_max_low = scale_max_high as is_one_scale
    from effective
)

select
    scored.*,
    {{ verdict('scored.effective_count', 'scored.score_low', 'scored.score_high', 'settings.suppress_below',
        flag_wider_than('scored.metric', 'settings')) }} as verdict,
    case
        when scored.period in ('all', 'rolling_90d') then scored.period = 'rolling_90d'
        else {{ period_moved('scored.period', 'scored.period_start', '+') }} <= settings.today
    end as is_finished,
    {{ period_moved('scored.period', 'scored.period_start', '-') }} as previous_start
from scored
cross join settings
