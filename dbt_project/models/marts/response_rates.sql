-- One row per survey and period of its sendings: how many were asked, began and finished, and the share that finished
-- with its interval. What people did later belongs to the day on which they were asked.
{%- set periods = ['day', 'week', 'month', 'quarter', 'rolling_90d', 'all'] %}

with settings as (
    select
        timezone,
        today
    from {{ source('computed', 'settings') }}
),

sent as (
    select
        invitations.source_name,
        invitations.survey_id,
        cast({{ local_time('invitations.invited_at', 'settings.timezone') }} as date) as local_date,
        invitations.invited_count,
        invitations.started_count,
        invitations.completed_count
    from {{ ref('stg_raw__invitations') }} as invitations
    cross join settings
),

dated as (
    {%- for period in periods %}
    select
        source_name,
        survey_id,
        '{{ period }}' as period,
        {{ metric_period_start(period) }} as period_start,
        invited_count,
        started_count,
        completed_count
    from sent
    {{ metric_period_filter(period) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

summed as (
    select
        source_name,
        survey_id,
        period,
        period_start,
        cast(sum(cast(invited_count as double)) as bigint) as invited_count,
        cast(sum(cast(started_count as double)) as bigint) as started_count,
        cast(sum(cast(completed_count as double)) as bigint) as completed_count
    from dated
    group by source_name, survey_id, period, period_start
),

-- A link that was handed on may bring more than were asked: the share is then 1.
shared as (
    select
        summed.*,
        least(cast(completed_count as double) / nullif(cast(invited_count as double), 0e0), 1e0) as response_rate
    from summed
    where invited_count > 0
)

select
    source_name,
    survey_id,
    period,
    period_start,
    invited_count,
    started_count,
    completed_count,
    response_rate,
    {{ wilson_low('response_rate', 'cast(invited_count as double)') }} as response_rate_low,
    {{ wilson_high('response_rate', 'cast(invited_count as double)') }} as response_rate_high
from shared
