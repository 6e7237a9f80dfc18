-- One row per period, period start, journey, touchpoint, segment type, segment, survey kind and metric: its sums.
-- Two streams meet here: plain sums of the answers, made by day and added up to longer periods, and what changes in
-- them because some answers are of one unit: a cluster or a respondent; most are both. Only where a respondent answers
-- for an account are the two counted apart, the respondent then weighing nothing.
{{ config(materialized='incremental', incremental_strategy='replace_periods', meta={'touches': 'periods'}) }}

-- depends_on: {{ ref('int_periods_touched') }}
{%- set periods = ['day', 'week', 'month', 'quarter', 'all', 'rolling_90d', 'before_90d'] %}
{%- set sums = [
    'good', 'bad', 'weight_sum', 'good_weight', 'bad_weight', 'value_sum', 'weighted_value_sum',
    'square_sum', 'cross_sum', 'weight_square_sum'
] %}
{%- set least = ['weight_min', 'scale_min_low', 'scale_max_low'] %}
{%- set greatest = ['weight_max', 'scale_min_high', 'scale_max_high', 'load_id'] %}
{#- What units change is kept without that change, too, so that an increment can add up days as they stand. -#}
{%- set plain = {
    'square_sum': 'square_sum_of_answers',
    'cross_sum': 'cross_sum_of_answers',
    'weight_square_sum': 'weight_square_sum_of_answers'
} %}
{%- set columns = ['answer_count'] + sums + least + greatest %}
{#- A full build takes the periods one by one, to need less memory; an increment takes all at once, to plan faster. -#}
{%- set groups = [periods] if is_incremental() else periods | batch(1) | list %}

with settings as (
    select is_daily, today
    from {{ source('computed', 'settings') }}
),

{%- if is_incremental() %}

touched as (
    select
        period,
        period_start
    from {{ ref('int_periods_touched') }}
),

touched_bounds as (
    {{ first_and_last_day('touched') }}
),
{%- endif %}

located as (
    select *
    from {{ ref('int_scores_located') }}
    {%- if is_incremental() %}
    where
        local_date >= (select first_day from touched_bounds)
        and local_date < (select day_after from touched_bounds)
    {%- endif %}
),

-- Places, segments, profiles and units get numbers: they group faster than names.
{{ numbered_places('located') }},

{{ numbered_profiles('located') }},

clusters as (
    select
        cluster_key,
        row_number() over (order by cluster_key asc nulls last) as unit_no
    from located
    group by cluster_key
),

for_accounts as (
    select
        respondent_key,
        row_number() over (order by respondent_key asc nulls last) as unit_no
    from located
    where cluster_key <> respondent_key
    group by respondent_key
),

scores as (
    select
        located.local_date,
        spots.spot_no,
        spots.kind_no,
        profiles.profile_no,
        clusters.unit_no as cluster_no,
        for_accounts.unit_no as respondent_no,
        located.weight,
        located.weight * located.code as weighted_code,
        located.good,
        located.bad,
        located.value,
        located.load_id
    from located
    inner join spots
        on
            located.journey_id = spots.journey_id and located.touchpoint_id = spots.touchpoint_id
            and located.survey_kind = spots.survey_kind and located.metric = spots.metric
            and located.scale_min = spots.scale_min and located.scale_max = spots.scale_max
    inner join profiles
        on located.profile = profiles.profile
    inner join clusters
        on located.cluster_key = clusters.cluster_key
    left join for_accounts
        on located.respondent_key = for_accounts.respondent_key
),

unit_scores as (
    select
        local_date,
        spot_no,
        kind_no,
        profile_no,
        cluster_no as unit_no,
        true as is_cluster,
        respondent_no is null as is_respondent,
        weight,
        weighted_code
    from scores
    union all
    select
        local_date,
        spot_no,
        kind_no,
        profile_no,
        respondent_no as unit_no,
        false as is_cluster,
        true as is_respondent,
        0e0 as weight,
        0e0 as weighted_code
    from scores
    where respondent_no is not null
),

{{ repeated_units('unit_scores') }},
{{ changes_by_units(groups) }},

{{ answers_by_period(periods, sums, least, greatest, plain) }}

select
    answers.period,
    answers.period_start,
    places.journey_id,
    places.touchpoint_id,
    segments.segment_type,
    segments.segment,
    places.survey_kind,
    places.metric,
    answers.answer_count,
    answers.answer_count + coalesce(changes.respondent_count, 0) as respondent_count,
    answers.answer_count + coalesce(changes.cluster_count, 0) as cluster_count,
    {%- for column, without_change in plain.items() %}
    answers.{{ column }} as {{ without_change }},
    answers.{{ column }} + coalesce(changes.{{ column }}, 0e0) as {{ column }},
    {%- endfor %}
    {%- for column in columns if column not in plain and column not in ['answer_count', 'load_id'] %}
    answers.{{ column }},
    {%- endfor %}
    answers.load_id
from answers
inner join places
    on answers.place_no = places.place_no
inner join segments
    on answers.segment_no = segments.segment_no
left join changes
    on
        answers.period = changes.period and answers.period_start = changes.period_start
        and answers.place_no = changes.place_no and answers.segment_no = changes.segment_no
