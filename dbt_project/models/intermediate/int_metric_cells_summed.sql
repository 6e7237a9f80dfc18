-- One row per period, period start, journey, touchpoint, segment type, segment, survey kind and metric: its sums.
-- Two streams meet here: plain sums of the answers, made by day and added up to longer periods, and what changes in
-- them because some answers are of one unit: a cluster or a respondent; most are both. An increment sums so where
-- answers were edited; where they only became more, int_metric_cells_grown has added them to what stood here.
{{ config(materialized='incremental', incremental_strategy='replace_periods', meta={'touches': 'rewritten'}) }}

-- depends_on: {{ ref('int_periods_touched') }}
-- depends_on: {{ ref('int_metric_cells_grown') }}
{%- set periods = ['day', 'week', 'month', 'quarter', 'all', 'rolling_90d', 'before_90d'] %}
{%- set cell = sums_of_cell() %}
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
    where is_rewritten
),

-- Days that changed at all, for in longer periods their answers are summed again, too.
touched_days as (
    select period_start as local_date
    from {{ ref('int_periods_touched') }}
    where period = 'day'
),

known_days as (
    select period_start as local_date
    from {{ this }}
    where period = 'day'
    union
    select local_date from touched_days
),

-- Named one by one and not as a range, so that nothing is read where nothing was edited.
days_needed as (
    select local_date
    from known_days
    where
        (select settings.is_daily from settings)
        {%- for period in ['day', 'week', 'month', 'quarter'] %}
        or {{ period_start_of(period, 'local_date') }} in (
            select touched.period_start from touched where touched.period = '{{ period }}'
        )
        {%- endfor %}
),
{%- endif %}

located as (
    select *
    from {{ ref('int_scores_located') }}
    {%- if is_incremental() %}
    where local_date in (select days_needed.local_date from days_needed)
    {%- endif %}
),

-- Places, segments, profiles and units get numbers: they group faster than names.
{{ numbered_places('located') }},
{{ numbered_profiles('located') }},
{{ numbered_answers('scores') }},
{{ repeated_units('scores') }},
{{ changes_by_units(groups) }},
{{ answers_by_period(periods) }}

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
    {%- for column in cell.changed %}
    answers.{{ column }} as {{ column }}_of_answers,
    answers.{{ column }} + coalesce(changes.{{ column }}, 0e0) as {{ column }},
    {%- endfor %}
    {%- for column in cell.sums + cell.least + cell.greatest if column not in cell.changed + ['load_id'] %}
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
{%- if is_incremental() %}
-- What a build added that was killed before it could put it here is not added again: it says what it was added to.
union all
select
    {{ cell_key() | join(', ') }},
    answer_count,
    respondent_count,
    cluster_count,
    {%- for column in cell.changed %}
    {{ column }}_of_answers,
    {{ column }},
    {%- endfor %}
    {%- for column in cell.sums + cell.least + cell.greatest if column not in cell.changed + ['load_id'] %}
    {{ column }},
    {%- endfor %}
    load_id
from {{ ref('int_metric_cells_grown') }}
where added_to_load_id = {{ watermark(this) }}
{%- endif %}
