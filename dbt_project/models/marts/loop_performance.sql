-- One row per team and month (of the company's zone) in which feedback came that asked for a follow-up.
{{ config(tags=['clock']) }}

with feedback as (
    select
        team_id,
        received_at,
        true as is_assigned,
        first_contact_at,
        hours_to_contact,
        is_on_time,
        closed_at is not null as is_closed,
        told_at is not null as is_told,
        reopened_count > 0 as is_reopened
    from {{ ref('follow_ups') }}
    where received_at is not null
    union all
    select
        due.team_id,
        due.submitted_at as received_at,
        false as is_assigned,
        cast(null as timestamp) as first_contact_at,
        cast(null as double) as hours_to_contact,
        cast(null as boolean) as is_on_time,
        cast(null as boolean) as is_closed,
        cast(null as boolean) as is_told,
        cast(null as boolean) as is_reopened
    from {{ ref('follow_ups_due') }} as due
    inner join {{ ref('int_follow_ups_asked') }} as asked
        on due.follow_up_key = asked.follow_up_key
    cross join {{ source('computed', 'settings') }} as settings
    where
        coalesce(due.withheld_because, '') not in ('not_allowed', 'joined')
        -- Nobody could have done anything about what was too old when it came here first.
        and due.submitted_at >= {{ seconds_later('asked.first_collected_at', '-86400e0 * settings.within_days') }}
),

placed as (
    select
        feedback.*,
        coalesce(feedback.team_id, 'none') as placed_team_id,
        {{ period_start_of('month', 'cast(' ~ local_time('feedback.received_at', 'settings.timezone') ~ ' as date)') }}
            as month,
        {{ seconds_between('feedback.received_at', 'settings.now') }} / 3600e0 as hours_since
    from feedback
    cross join {{ source('computed', 'settings') }} as settings
)

select
    placed_team_id as team_id,
    month,
    cast(count(*) as bigint) as feedback_count,
    cast(count(case when is_assigned then 1 end) as bigint) as assigned_count,
    {%- for hours in [24, 48] %}
    avg(case when hours_since >= {{ hours }} then case when hours_to_contact <= {{ hours }} then 1e0 else 0e0 end end)
        as contacted_{{ hours }}h_share,
    {%- endfor %}
    avg(case when is_on_time then 1e0 when not is_on_time then 0e0 end) as on_time_share,
    percentile_cont(0.5) within group (order by hours_to_contact asc nulls last) as median_hours_to_contact,
    percentile_cont(0.9) within group (order by hours_to_contact asc nulls last) as p90_hours_to_contact,
    avg(case when is_closed then 1e0 when not is_closed then 0e0 end) as closed_share,
    avg(case when is_told then 1e0 when not is_told then 0e0 end) as told_share,
    avg(case when is_reopened then 1e0 when not is_reopened then 0e0 end) as reopened_share
from placed
group by placed_team_id, month
