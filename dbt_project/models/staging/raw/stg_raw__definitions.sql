-- One row per survey that a tool defines: its newest definition.

with source as (
    select * from {{ source('raw', 'definitions') }}
),

newest as (
    select
        source.*,
        row_number() over (
            partition by source_name, survey_id order by load_id desc nulls last, sequence desc nulls last
        ) as newest_first
    from source
)

select
    source_name,
    survey_id,
    tool,
    load_id,
    fetched_at,
    case tool
        when 'limesurvey' then {{ language_tag(json_text('payload', 'properties.language')) }}
        when 'mopinion' then {{ language_tag(json_text('payload', 'report.language')) }}
        when 'surveymonkey' then {{ language_tag(json_text('payload', 'language')) }}
        when 'typeform' then {{ language_tag(json_text('payload', 'settings.language')) }}
    end as language
from newest
where newest_first = 1
