-- One row per period, period start, journey, touchpoint, segment type, segment, survey kind and metric: the score,
-- how sure it is, what may be said of it, and how it changed since the period before.
{{ config(materialized='incremental', incremental_strategy='replace_periods', meta={'touches': 'periods_and_next'}) }}

{#- Written here, not where it is used, so that dbt sees what it reads in a full build too. -#}
{%- set touched = touched_periods_and_next(this) %}

with settings as (
    select today
    from {{ source('computed', 'settings') }}
),

{%- if is_incremental() %}

touched as (
    {{ touched }}
),

-- What is made anew, and the periods just before, which it is compared with.
needed as (
    select
        period,
        period_start
    from touched
    union
    select
        period,
        {{ period_moved('period', 'period_start', '-') }} as period_start
    from touched
),
{%- endif %}

judged as (
    select *
    from {{ ref('int_metric_cells_scored') }} as scored
    {%- if is_incremental() %}
    where
        exists (
            select 1 as is_needed
            from needed
            where needed.period = scored.period and needed.period_start = scored.period_start
        )
    {%- endif %}
),

compared as (
    select
        judged.*,
        previous.score as previous_score,
        previous.verdict as previous_verdict,
        case
            when judged.is_points
                then {{ wald_z('judged.good_share', 'judged.bad_share', 'judged.effective_count',
                    'previous.good_share', 'previous.bad_share', 'previous.effective_count') }}
            else {{ pooled_z('judged.good_share', 'judged.effective_count',
                'previous.good_share', 'previous.effective_count') }}
        end as z
    from judged
    left join judged as previous
        on
            judged.period = previous.period
            and judged.previous_start = previous.period_start
            and judged.journey_id = previous.journey_id
            and judged.touchpoint_id = previous.touchpoint_id
            and judged.segment_type = previous.segment_type
            and judged.segment = previous.segment
            and judged.survey_kind = previous.survey_kind
            and judged.metric = previous.metric
),

published as (
    select compared.*
    from compared
    cross join settings
    where
        (
            compared.period <> 'rolling_90d'
            or compared.period_start = cast(settings.today - interval '90' day as date)
        )
        {%- if is_incremental() %}
        and exists (
            select 1 as is_touched
            from touched
            where touched.period = compared.period and touched.period_start = compared.period_start
        )
        {%- endif %}
),

tested as (
    select
        *,
        {{ two_sided_p('z') }} as change_p_value,
        z is not null and verdict <> 'suppress' and previous_verdict <> 'suppress' as is_ranked
    from published
),

-- Most rows are in no family; only the others are put in order. Equal p get equal q, whatever order they come in.
ranked as (
    select
        *,
        row_number() over (family order by change_p_value asc nulls last) as p_rank,
        count(*) over family as family_size
    from tested
    where is_ranked
    window family as (partition by period, period_start, survey_kind, metric, segment_type)
),

judged_changes as (
    select
        *,
        {{ q_value('change_p_value', 'p_rank', 'family_size',
            'period, period_start, survey_kind, metric, segment_type') }} as change_q_value
    from ranked
    union all
    select
        *,
        cast(null as bigint) as p_rank,
        cast(null as bigint) as family_size,
        cast(null as double) as change_q_value
    from tested
    where not is_ranked
)

select
    period,
    period_start,
    is_finished,
    journey_id,
    touchpoint_id,
    segment_type,
    segment,
    survey_kind,
    metric,
    answer_count,
    respondent_count,
    effective_count,
    score,
    score_low,
    score_high,
    unweighted_score,
    case when is_one_scale then {{ weighted_mean() }} end as mean_value,
    case when is_one_scale then value_sum / nullif(cast(answer_count as double), 0e0) end as unweighted_mean,
    case when is_points then cast(good as bigint) end as promoter_count,
    case when is_points then answer_count - cast(good as bigint) - cast(bad as bigint) end as passive_count,
    case when is_points then cast(bad as bigint) end as detractor_count,
    case when not is_points then cast(good as bigint) end as top_count,
    case when not is_points then answer_count - cast(good as bigint) - cast(bad as bigint) end as middle_count,
    case when not is_points then cast(bad as bigint) end as bottom_count,
    verdict,
    previous_score,
    score - previous_score as score_change,
    change_p_value,
    change_q_value,
    load_id
from judged_changes
