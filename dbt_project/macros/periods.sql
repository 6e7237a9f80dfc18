{#-
    Days, weeks, months and quarters of company.timezone, and which of them must be made anew.
    `rolling_90d` is the 90 full days before today; the 90 days before those are kept beside it, to compare.
-#}

{#- First day of the calendar period that a day lies in; weeks begin on Monday. -#}
{% macro period_start_of(period, day) -%}
    cast(date_trunc('{{ period }}', {{ day }}) as date)
{%- endmacro %}


{#- The period's first day moved by whole periods: -1 is the one just before, 1 the one just after. -#}
{% macro period_moved(period, period_start, sign) -%}
    case {{ period }}
        when 'day' then cast({{ period_start }} {{ sign }} interval '1' day as date)
        when 'week' then cast({{ period_start }} {{ sign }} interval '7' day as date)
        when 'month' then cast({{ period_start }} {{ sign }} interval '1' month as date)
        when 'quarter' then cast({{ period_start }} {{ sign }} interval '3' month as date)
        when 'rolling_90d' then cast({{ period_start }} {{ sign }} interval '90' day as date)
    end
{%- endmacro %}


{#- The period's first day of `all`, which has neither begin nor end. -#}
{% macro start_of_all() -%}
    cast('1970-01-01' as date)
{%- endmacro %}


{#-
    Touched periods, those just after them (they compare themselves with these), and those that ended since this
    relation was built.
-#}
{% macro touched_periods_and_next(relation) -%}
    select
        touched.period,
        touched.period_start
    from {{ ref('int_periods_touched') }} as touched
    union
    select
        touched.period,
        {{ period_moved('touched.period', 'touched.period_start', '+') }} as period_start
    from {{ ref('int_periods_touched') }} as touched
    where touched.period not in ('all', 'rolling_90d')
    union
    select
        made.period,
        made.period_start
    from {{ relation }} as made
    cross join {{ source('computed', 'settings') }} as settings
    where
        not made.is_finished
        and made.period <> 'all'
        and {{ period_moved('made.period', 'made.period_start', '+') }} <= settings.today
{%- endmacro %}


{#-
    Incremental strategy `replace_periods`: what was touched is deleted whole and inserted anew, because an edit
    may leave a period without rows. `meta: {touches: periods_and_next}` says that the model makes also the periods
    just after; `meta: {touches: rewritten}` that periods which only grew keep their other cells. On an engine without
    DELETE this is the seam: overwrite the partitions (period, period_start), the kept cells with them.
-#}
{% macro get_incremental_replace_periods_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set and_next = config.get('meta', {}).get('touches') == 'periods_and_next' %}
    delete from {{ target }}
    where (period, period_start) in (
        {%- if and_next %}
        {{ touched_periods_and_next(target) }}
        {%- else %}
        select
            period,
            period_start
        from {{ ref('int_periods_touched') }}
        where is_rewritten
        {%- endif %}
    );
    {%- if not and_next %}
    delete from {{ target }}
    where ({{ cell_key() | join(', ') }}) in (
        select {{ cell_key() | join(', ') }}
        from {{ arg_dict['temp_relation'] }}
    );
    {%- endif %}
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }}
{%- endmacro %}


{#- First day of a period of journey_metrics, out of a column `local_date` and the settings' `today`. -#}
{% macro metric_period_start(period) -%}
    {%- if period == 'all' -%} {{ start_of_all() }}
    {%- elif period == 'rolling_90d' -%} cast((select settings.today from settings) - interval '90' day as date)
    {%- elif period == 'before_90d' -%} cast((select settings.today from settings) - interval '180' day as date)
    {%- else -%} {{ period_start_of(period, 'local_date') }}
    {%- endif -%}
{%- endmacro %}


{#- What a period of journey_metrics is called: both windows of 90 days have one name and two first days. -#}
{% macro metric_period_name(period) -%}
    {{ 'rolling_90d' if period == 'before_90d' else period }}
{%- endmacro %}


{#- Which rows with a `local_date` lie in the periods to be made: all of them, or in an increment the touched. -#}
{% macro metric_period_filter(period) -%}
    {%- set start = metric_period_start(period) -%}
    {%- if period in ['rolling_90d', 'before_90d'] -%}
    where
        local_date >= {{ start }}
        and local_date < cast({{ start }} + interval '90' day as date)
        {%- if is_incremental() %}
        and (select settings.is_daily from settings)
        {%- endif %}
    {%- elif is_incremental() -%}
    where {{ start }} in (select touched.period_start from touched where touched.period = '{{ period }}')
    {%- endif -%}
{%- endmacro %}
