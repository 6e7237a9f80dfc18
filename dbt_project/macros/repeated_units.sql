{#-
    Gives repeated: the answers whose unit gave another of that kind, with the days of the answers before and after. Most
    clusters are respondents, too; only where a respondent answers for an account are the two counted apart, the
    respondent then weighing nothing.
-#}
{% macro repeated_units(scores, more=[]) -%}
unit_scores as (
    {%- for unit in ['cluster', 'respondent'] %}
    select
        local_date,
        spot_no,
        kind_no,
        profile_no,
        {{ unit }}_no as unit_no,
        {%- for column in more %}
        {{ column }},
        {%- endfor %}
        {%- if unit == 'cluster' %}
        true as is_cluster,
        respondent_no is null as is_respondent,
        weight,
        weighted_code
        {%- else %}
        false as is_cluster,
        true as is_respondent,
        0e0 as weight,
        0e0 as weighted_code
        {%- endif %}
    from {{ scores }}
    {{ 'union all' if not loop.last else 'where respondent_no is not null' }}
    {%- endfor %}
),

neighbours as (
    select
        *,
        lag(local_date) over of_unit as day_before,
        lead(local_date) over of_unit as day_after
    from unit_scores
    window of_unit as (partition by kind_no, is_cluster, unit_no order by local_date asc nulls last)
),

repeated as (
    select * from neighbours
    where day_before is not null or day_after is not null
)
{%- endmacro %}


{#- Does the answer before or after lie in the same period? -#}
{% macro is_repeated_in(period) -%}
    {%- if period == 'all' -%} true
    {%- elif period in ['rolling_90d', 'before_90d'] -%}
    {%- set start = metric_period_start(period) -%}
    (
        day_before >= {{ start }}
        or day_after < cast({{ start }} + interval '90' day as date)
    )
    {%- else -%}
    (
        {{ period_start_of(period, 'day_before') }} = {{ period_start_of(period, 'local_date') }}
        or {{ period_start_of(period, 'day_after') }} = {{ period_start_of(period, 'local_date') }}
    )
    {%- endif -%}
{%- endmacro %}
