-- One row per record that could not be read: of a whole scope (a file) those of its newest reading only.

with rejects as (
    select * from {{ source('raw', 'rejects') }}
),

newest_readings as (
    select
        source_name,
        scope,
        max(load_id) as load_id
    from {{ source('raw', 'scopes') }}
    group by source_name, scope
)

select
    rejects.source_name,
    rejects.survey_id,
    {{ published_id('rejects.response_id') }} as response_id,
    rejects.question_ref,
    rejects.level,
    rejects.reason,
    rejects.seen_at,
    rejects.record_key
from rejects
left join newest_readings
    on rejects.source_name = newest_readings.source_name and rejects.scope = newest_readings.scope
where rejects.scope is null or rejects.load_id = newest_readings.load_id
