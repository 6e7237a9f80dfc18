-- One row per sending of a survey, as its tool told last what became of it.

with source as (
    select * from {{ source('raw', 'invitations') }}
),

newest as (
    select
        source.*,
        row_number() over (
            partition by source_name, survey_id, invitation_id
            order by load_id desc nulls last, sequence desc nulls last
        ) as newest_first
    from source
)

select
    source_name,
    survey_id,
    invitation_id,
    load_id,
    invited_at,
    invited_count,
    started_count,
    completed_count
from newest
where newest_first = 1
