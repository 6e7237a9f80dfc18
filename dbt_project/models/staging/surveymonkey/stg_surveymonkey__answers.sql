-- One row per version of a SurveyMonkey response and answer; of a multiple choice one row per choice. Responses hold
-- ids only: what a choice is called, or counts, stands in the definition that was known when the response was read.

with versions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'surveymonkey' and not is_deleted
),

pages as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        position as page_position,
        item as page
    from {{ json_items('versions', json_part('payload', 'pages')) }}
),

questions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        page_position * 1000 + position as question_position,
        item as question
    from {{ json_items('pages', json_part('page', 'questions')) }}
),

entries as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        question_position * 1000 + position as position,
        {{ json_text('question', 'id') }} as question_id,
        {{ json_text('item', 'row_id') }} as row_id,
        {{ json_text('item', 'col_id') }} as col_id,
        {{ json_text('item', 'choice_id') }} as choice_id,
        {{ json_text('item', 'other_id') }} as other_id,
        coalesce({{ json_text('item', 'text') }}, {{ json_text('item', 'download_url') }}) as text
    from {{ json_items('questions', json_part('question', 'answers')) }}
),

called as (
    select
        entries.*,
        choices.choice_text,
        choices.score,
        coalesce(choices.is_beside, false) as is_beside
    from entries
    left join {{ ref('stg_surveymonkey__choices') }} as choices
        on
            entries.source_name = choices.source_name
            and entries.survey_id = choices.survey_id
            and entries.question_id = choices.question_id
            and coalesce(entries.choice_id, entries.other_id) = choices.choice_id
            and {{ counted_at('choices', 'entries.load_id') }}
    where not coalesce(choices.is_na, false)
)

select
    response_key,
    load_id,
    sequence,
    question_id
    || coalesce('/' || row_id, '')
    || coalesce('/' || col_id, '')
    || case when is_beside then '/' || other_id else '' end as question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position as bigint) as position,
    case
        when choice_id is null then {{ filled('text') }}
        when score = floor(score) then cast(cast(score as bigint) as {{ dbt.type_string() }})
        when score is not null then cast(score as {{ dbt.type_string() }})
        else coalesce(choice_text, choice_id)
    end as value_text,
    case when other_id is not null and not is_beside then 'other' else choice_id end as choice_id,
    cast(null as {{ dbt.type_string() }}) as tool_metric,
    cast(null as double) as tool_scale_min,
    cast(null as double) as tool_scale_max
from called
where question_id is not null and (choice_id is not null or {{ filled('text') }} is not null)
