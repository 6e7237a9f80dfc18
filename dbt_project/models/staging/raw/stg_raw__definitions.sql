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
),

told as (
    select * from newest
    where newest_first = 1
),

-- Formbricks lists its languages, and marks one of them as the first.
marked as (
    select
        source_name,
        survey_id,
        max({{ json_text('item', 'language.code') }}) as language
    from {{ json_items('told', json_part('payload', 'languages')) }}
    where tool = 'formbricks' and {{ json_text('item', 'default') }} = 'true'
    group by source_name, survey_id
)

select
    told.source_name,
    told.survey_id,
    told.tool,
    told.load_id,
    told.fetched_at,
    case told.tool
        when 'formbricks' then {{ language_tag('marked.language') }}
        when 'limesurvey' then {{ language_tag(json_text('told.payload', 'properties.language')) }}
        when 'mopinion' then {{ language_tag(json_text('told.payload', 'report.language')) }}
        when 'qualtrics' then {{ language_tag(json_text('told.payload', 'definition.SurveyOptions.SurveyLanguage')) }}
        when 'surveymonkey' then {{ language_tag(json_text('told.payload', 'language')) }}
        when 'typeform' then {{ language_tag(json_text('told.payload', 'settings.language')) }}
    end as language
from told
left join marked
    on told.source_name = marked.source_name and told.survey_id = marked.survey_id
