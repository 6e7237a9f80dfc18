-- One row per survey and question that a table or the tool itself speaks of: what it measures, and about what.
-- The programme's word wins over the tool's; a row for this very survey wins over one for any.

with surveys as (
    select
        source_name,
        survey_id
    from {{ ref('stg_raw__responses') }}
    group by source_name, survey_id
),

-- Of a question that was taken out of its form, the definition that last had it.
told as (
    select
        questions.*,
        row_number() over (
            partition by source_name, survey_id, question_ref
            order by load_id desc nulls last, sequence desc nulls last, question_text asc nulls last
        ) as newest_first
    from {{ ref('int_questions_told') }} as questions
),

candidates as (
    select
        surveys.source_name,
        surveys.survey_id,
        questions.question_ref,
        questions.question_text,
        questions.metric,
        questions.scale_min,
        questions.scale_max,
        questions.is_reversed,
        questions.no_answer_values,
        questions.journey_id,
        questions.touchpoint_id,
        questions.survey_kind,
        questions.asks_for,
        questions.experience,
        questions.choices,
        row_number() over (
            partition by surveys.source_name, surveys.survey_id, questions.question_ref
            order by
                {{ is_any('questions.survey_id') }} asc nulls last,
                {{ is_any('questions.source_name') }} asc nulls last,
                questions.line_no asc nulls last
        ) as best_first
    from surveys
    inner join {{ ref('stg_programme__questions') }} as questions
        on
            ({{ is_any('questions.source_name') }} or questions.source_name = surveys.source_name)
            and ({{ is_any('questions.survey_id') }} or questions.survey_id = surveys.survey_id)
),

mapped as (
    select * from candidates
    where best_first = 1
),

newest_told as (
    select * from told
    where newest_first = 1
)

select
    coalesce(mapped.source_name, newest_told.source_name) as source_name,
    coalesce(mapped.survey_id, newest_told.survey_id) as survey_id,
    coalesce(mapped.question_ref, newest_told.question_ref) as question_ref,
    coalesce(mapped.question_text, newest_told.question_text) as question_text,
    mapped.metric,
    newest_told.tool_metric,
    mapped.scale_min,
    mapped.scale_max,
    newest_told.tool_scale_min,
    newest_told.tool_scale_max,
    coalesce(mapped.is_reversed, false) as is_reversed,
    mapped.no_answer_values,
    mapped.journey_id,
    mapped.touchpoint_id,
    mapped.survey_kind,
    coalesce(mapped.asks_for, 'perception') as asks_for,
    mapped.experience,
    mapped.choices,
    mapped.question_ref is not null as is_mapped
from mapped
full outer join newest_told
    on
        mapped.source_name = newest_told.source_name
        and mapped.survey_id = newest_told.survey_id
        and mapped.question_ref = newest_told.question_ref
