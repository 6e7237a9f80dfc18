-- One row per period of journey_metrics that must be made anew: any version of a touched response ever lay in it (an
-- edit may have moved it out of one), or the first run of a day makes it. Windows of earlier days are named too, so
-- that they are deleted. Empty in a full build, which makes all periods. Where nothing but answers of responses that
-- int_metric_cells_summed never saw came to a period, it is not rewritten but grows (int_metric_cells_grown).
{#- Asked for by name, not by ref: what the build before left is wanted, before this build changes it. -#}
{%- set summed = adapter.get_relation(this.database, 'intermediate', 'int_metric_cells_summed') if execute %}
{%- set told = adapter.get_relation(this.database, 'marts', 'journey_metrics') if execute %}
{%- if not summed or flags.FULL_REFRESH %}
{%- set mark = '9223372036854775807' %}
{%- elif told %}
{%- set mark = 'least(' ~ watermark(summed) ~ ', ' ~ watermark(told) ~ ')' %}
{%- else %}
{%- set mark = watermark(summed) %}
{%- endif %}
{%- set summed_mark = watermark(summed) if summed and not flags.FULL_REFRESH else '-1' %}

with settings as (
    select
        is_daily,
        timezone,
        today
    from {{ source('computed', 'settings') }}
),

newer as (
    select
        response_key,
        submitted_at,
        load_id,
        first_load_id
    from {{ ref('stg_raw__responses') }}
    where load_id > {{ mark }}
),

versions as (
    select
        submitted_at,
        first_load_id
    from newer
    union all
    -- Most responses have one version; raw is read for the others only.
    select
        older.submitted_at,
        edited.first_load_id
    from {{ ref('stg_raw__response_versions') }} as older
    inner join newer as edited
        on older.response_key = edited.response_key
    where edited.first_load_id < edited.load_id
    union all
    -- Customers or a definition changed, but no version is newer: they were summed before.
    select
        submitted_at,
        -1 as first_load_id
    from {{ ref('responses') }}
    where load_id > {{ mark }} and response_key not in (select newer.response_key from newer)
),

days as (
    select
        cast({{ local_time('versions.submitted_at', 'settings.timezone') }} as date) as local_date,
        min(versions.first_load_id) as first_load_id
    from versions
    cross join settings
    where versions.submitted_at is not null
    group by cast({{ local_time('versions.submitted_at', 'settings.timezone') }} as date)
),

periods as (
    {%- for period in ['day', 'week', 'month', 'quarter'] %}
    select
        '{{ period }}' as period,
        {{ period_start_of(period, 'local_date') }} as period_start,
        first_load_id
    from days
    union all
    {%- endfor %}
    select
        'all' as period,
        {{ start_of_all() }} as period_start,
        -1 as first_load_id
    from settings
    where is_daily
    {%- for days_before in ['90', '180'] %}
    union all
    select
        'rolling_90d' as period,
        cast(today - interval '{{ days_before }}' day as date) as period_start,
        -1 as first_load_id
    from settings
    where is_daily
    {%- endfor %}
    {%- for made in [summed, told] if made %}
    union all
    select
        made.period,
        made.period_start,
        -1 as first_load_id
    from {{ made }} as made
    cross join settings
    where settings.is_daily and made.period = 'rolling_90d'
    {%- endfor %}
)

select
    period,
    period_start,
    min(first_load_id) <= {{ summed_mark }} as is_rewritten
from periods
group by period, period_start
