-- One row per stretch of open time of a calendar in one zone, with the closed time before it: an instant lies in one.
{{ config(materialized='view') }}

select
    calendar_id,
    timezone,
    coalesce(
        lag(closes_at) over (partition by calendar_id, timezone order by opens_at asc nulls last),
        cast('0001-01-01' as timestamp)
    ) as closed_from,
    opens_at,
    closes_at,
    open_seconds_before,
    open_seconds_before + {{ seconds_between('opens_at', 'closes_at') }} as open_seconds_after
from {{ source('computed', 'openings') }}
