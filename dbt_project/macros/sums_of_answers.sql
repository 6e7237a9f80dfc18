{#-
    Common table expressions that sum answers as if each were of a unit of its own: by day first, days to months, and
    both to the longer periods.
-#}

{#- What tells one cell from another. -#}
{% macro cell_key() -%}
    {{ return(['period', 'period_start', 'journey_id', 'touchpoint_id', 'segment_type', 'segment', 'survey_kind', 'metric']) }}
{%- endmacro %}


{% macro same_cell(one, other) -%}
    {%- for column in cell_key() -%}
    {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{#-
    The sums of a cell by how they are added up. Those of `changed` are changed by units with several answers, and kept
    without that change, too, so that days can be added up as they stand.
-#}
{% macro sums_of_cell() -%}
    {{ return({
        'sums': [
            'good', 'bad', 'weight_sum', 'good_weight', 'bad_weight', 'value_sum', 'weighted_value_sum',
            'square_sum', 'cross_sum', 'weight_square_sum'
        ],
        'least': ['weight_min', 'scale_min_low', 'scale_max_low'],
        'greatest': ['weight_max', 'scale_min_high', 'scale_max_high', 'load_id'],
        'changed': ['square_sum', 'cross_sum', 'weight_square_sum']
    }) }}
{%- endmacro %}

{#- The plain sums of a cell, added up from shorter periods; what is grouped by stands before. -#}
{% macro added_up() -%}
        {%- set cell = sums_of_cell() -%}
        place_no,
        segment_no,
        cast(sum(answer_count) as bigint) as answer_count
        {%- for column in cell.sums %},
        sum({{ column }}) as {{ column }}
        {%- endfor %}
        {%- for column in cell.least %},
        min({{ column }}) as {{ column }}
        {%- endfor %}
        {%- for column in cell.greatest %},
        max({{ column }}) as {{ column }}
        {%- endfor %}
{%- endmacro %}


{#-
    Gives answers: one row per period, period start, place and segment, out of scores, spots, places_of_spot and
    segments_of_profile.
-#}
{% macro answers_by_period(periods) -%}
{%- set cell = sums_of_cell() -%}
{%- set columns = ['answer_count'] + cell.sums + cell.least + cell.greatest -%}
spots_by_day as (
    select
        scores.local_date,
        scores.spot_no,
        segments_of_profile.segment_no,
        count(*) as answer_count,
        sum(scores.good) as good,
        sum(scores.bad) as bad,
        sum(scores.weight) as weight_sum,
        sum(scores.good * scores.weight) as good_weight,
        sum(scores.bad * scores.weight) as bad_weight,
        sum(scores.value) as value_sum,
        sum(scores.value * scores.weight) as weighted_value_sum,
        sum(scores.weighted_code * scores.weighted_code) as square_sum,
        sum(scores.weighted_code * scores.weight) as cross_sum,
        sum(scores.weight * scores.weight) as weight_square_sum,
        min(scores.weight) as weight_min,
        max(scores.weight) as weight_max,
        max(scores.load_id) as load_id
    from scores
    inner join segments_of_profile
        on scores.profile_no = segments_of_profile.profile_no
    {%- if is_incremental() %}
    where scores.local_date in (select touched_days.local_date from touched_days)
    {%- endif %}
    group by scores.local_date, scores.spot_no, segments_of_profile.segment_no
),

days as (
    select
        spots_by_day.local_date,
        places_of_spot.place_no,
        spots_by_day.segment_no,
        cast(sum(spots_by_day.answer_count) as bigint) as answer_count,
        {%- for column in cell.sums %}
        sum(spots_by_day.{{ column }}) as {{ column }},
        {%- endfor %}
        min(spots_by_day.weight_min) as weight_min,
        min(spots.scale_min) as scale_min_low,
        min(spots.scale_max) as scale_max_low,
        max(spots_by_day.weight_max) as weight_max,
        max(spots.scale_min) as scale_min_high,
        max(spots.scale_max) as scale_max_high,
        max(spots_by_day.load_id) as load_id
    from spots_by_day
    inner join spots
        on spots_by_day.spot_no = spots.spot_no
    inner join places_of_spot
        on spots_by_day.spot_no = places_of_spot.spot_no
    group by spots_by_day.local_date, places_of_spot.place_no, spots_by_day.segment_no
    {%- if is_incremental() %}
    -- Days that nothing touched stand as they were made.
    union all
    select
        made.period_start as local_date,
        places.place_no,
        segments.segment_no,
        {%- for column in columns %}
        made.{{ column }}{{ '_of_answers' if column in cell.changed }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ this }} as made
    inner join places
        on
            made.journey_id = places.journey_id and made.touchpoint_id = places.touchpoint_id
            and made.survey_kind = places.survey_kind and made.metric = places.metric
    inner join segments
        on made.segment_type = segments.segment_type and made.segment = segments.segment
    where
        made.period = 'day'
        and made.period_start in (select days_needed.local_date from days_needed)
        and made.period_start not in (select touched_days.local_date from touched_days)
    {%- endif %}
),

months as (
    select
        {{ period_start_of('month', 'local_date') }} as local_date,
        {{ added_up() }}
    from days
    group by {{ period_start_of('month', 'local_date') }}, place_no, segment_no
),

answers as (
    {%- for period in periods %}
    {%- set start = metric_period_start(period) %}
    select
        '{{ metric_period_name(period) }}' as period,
        {%- if period in ['day', 'month'] %}
        local_date as period_start,
        place_no,
        segment_no,
        {{ columns | join(', ') }}
    from {{ period }}s
    {{ metric_period_filter(period) }}
        {%- else %}
        {{ start }} as period_start,
        {{ added_up() }}
    from {{ 'months' if period in ['quarter', 'all'] else 'days' }}
    {{ metric_period_filter(period) }}
    group by {{ start ~ ', ' if period in ['week', 'quarter'] }}place_no, segment_no
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
