-- One row per version of a Zendesk survey and question in it; satisfaction ratings have no definition.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'zendesk'
),

asked as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        {{ json_text('item', 'id') }} as question_ref,
        {{ plain_text(json_text('item', 'headline.value')) }} as question_text,
        {{ zendesk_metric(
            json_text('item', 'type'), "coalesce(" ~ json_text('item', 'sub_type') ~ ", 'other')"
        ) }} as tool_metric
    from {{ json_items('source', json_part('payload', 'questions')) }}
),

scales as (
    select
        source_name,
        survey_id,
        load_id,
        question_id,
        min(rating) as scale_min,
        max(rating) as scale_max
    from {{ ref('stg_zendesk__options') }}
    group by source_name, survey_id, load_id, question_id
)

select
    asked.source_name,
    asked.survey_id,
    asked.load_id,
    asked.sequence,
    asked.question_ref,
    asked.question_text,
    asked.tool_metric,
    scales.scale_min as tool_scale_min,
    scales.scale_max as tool_scale_max
from asked
left join scales
    on
        asked.source_name = scales.source_name
        and asked.survey_id = scales.survey_id
        and asked.load_id = scales.load_id
        and asked.question_ref = scales.question_id
where asked.question_ref is not null
