-- One row per version of a SurveyMonkey survey and question in it: of a question with rows one per row (and column),
-- and one more for a comment beside the choices.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'surveymonkey'
),

pages as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as page
    from {{ json_items('source', json_part('payload', 'pages')) }}
),

asked as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as question,
        {{ json_text('item', 'id') }} as question_id,
        {{ json_text('item', 'family') }} as family,
        {{ plain_text(json_text('item', 'headings[0].heading')) }} as heading,
        {{ json_text('item', 'answers.rows[0].id') }} is not null as has_rows,
        {{ json_text('item', 'answers.cols[0].id') }} is not null as has_columns
    from {{ json_items('pages', json_part('page', 'questions')) }}
),

rows_asked as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question,
        question_id,
        family,
        has_columns,
        question_id || '/' || {{ json_text('item', 'id') }} as question_ref,
        heading || coalesce(': ' || {{ plain_text(json_text('item', 'text')) }}, '') as question_text,
        {{ json_text('item', 'type') }} as row_type
    from {{ json_items('asked', json_part('question', 'answers.rows')) }}
),

cells_asked as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question_id,
        question_ref || '/' || {{ json_text('item', 'id') }} as question_ref,
        question_text || coalesce(', ' || {{ plain_text(json_text('item', 'text')) }}, '') as question_text
    from {{ json_items('rows_asked', json_part('question', 'answers.cols')) }}
),

choices as (
    select * from {{ ref('stg_surveymonkey__choices') }}
),

scales as (
    select
        source_name,
        survey_id,
        load_id,
        question_id,
        max(metric) as metric,
        max(scale_min) as scale_min,
        max(scale_max) as scale_max
    from choices
    group by source_name, survey_id, load_id, question_id
),

told as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question_id,
        question_id as question_ref,
        heading as question_text,
        case
            when family = 'open_ended'
                then {{ surveymonkey_open_metric(
                    json_text('question', 'subtype'),
                    json_text('question', 'validation.type'),
                    json_text('question', 'display_options.display_type')
                ) }}
        end as own_metric
    from asked
    where not has_rows and coalesce(family, '') <> 'presentation'
    union all
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question_id,
        question_ref,
        question_text,
        case when family = 'demographic' then {{ surveymonkey_contact_metric('row_type') }} end as own_metric
    from rows_asked
    where not has_columns
    union all
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question_id,
        question_ref,
        question_text,
        cast(null as {{ dbt.type_string() }}) as own_metric
    from cells_asked
    union all
    select
        asked.source_name,
        asked.survey_id,
        asked.load_id,
        asked.sequence,
        -- Its scale is not that of the choices that it stands beside.
        cast(null as {{ dbt.type_string() }}) as question_id,
        asked.question_id || '/' || choices.choice_id as question_ref,
        asked.heading || coalesce(': ' || choices.choice_text, '') as question_text,
        'comment' as own_metric
    from asked
    inner join choices
        on
            asked.source_name = choices.source_name
            and asked.survey_id = choices.survey_id
            and asked.load_id = choices.load_id
            and asked.question_id = choices.question_id
    where choices.is_beside
)

select
    told.source_name,
    told.survey_id,
    told.load_id,
    told.sequence,
    told.question_ref,
    told.question_text,
    coalesce(told.own_metric, scales.metric) as tool_metric,
    scales.scale_min as tool_scale_min,
    scales.scale_max as tool_scale_max
from told
left join scales
    on
        told.source_name = scales.source_name
        and told.survey_id = scales.survey_id
        and told.load_id = scales.load_id
        and told.question_id = scales.question_id
where told.question_ref is not null
