-- One row per answer that was given: what it measures, its value on its scale and its class, where it belongs,
-- and why it is set aside, if it is. Answers that say "no answer" are not given.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

-- depends_on: {{ ref('stg_raw__responses') }}

with responses as (
    select * from {{ ref('responses') }}
    {%- if is_incremental() %}
    where {{ is_newer('load_id') }}
    {%- endif %}
),

answers as (
    {{ rows_of_touched(ref('int_answers_read')) }}
),

properties as (
    {{ rows_of_touched(ref('response_properties')) }}
),

-- A touchpoint that came with the response counts where the programme knows it.
arrived_at as (
    select
        properties.response_key,
        max(touchpoints.touchpoint_id) as touchpoint_id
    from properties
    inner join {{ ref('stg_programme__touchpoints') }} as touchpoints
        on properties.value = touchpoints.touchpoint_id
    where lower(properties.name) = 'touchpoint'
    group by properties.response_key
),

understood as (
    select
        answers.*,
        responses.source_name,
        responses.survey_id,
        responses.response_id,
        responses.submitted_at,
        responses.language,
        coalesce(questions.question_text, answers.question_text) as asked,
        coalesce(questions.metric, questions.tool_metric, answers.tool_metric, 'none') as metric,
        case
            when questions.choices is null
                then coalesce(questions.scale_min, questions.tool_scale_min, answers.tool_scale_min)
            else coalesce(questions.scale_min, 1e0)
        end as told_scale_min,
        case
            when questions.choices is null
                then coalesce(questions.scale_max, questions.tool_scale_max, answers.tool_scale_max)
            else coalesce(questions.scale_min, 1e0) + {{ choices_of('questions.choices') }} - 1e0
        end as told_scale_max,
        questions.choices,
        case
            when questions.choices is null then answers.value_number
            else
                coalesce(questions.scale_min, 1e0)
                + {{ place_among('answers.value_text', 'questions.choices') }} - 1e0
        end as score_number,
        coalesce(questions.is_reversed, false) as is_reversed,
        coalesce(questions.asks_for, 'perception') as asks_for,
        questions.experience,
        coalesce(questions.is_mapped, false) as is_mapped,
        coalesce(questions.metric, questions.tool_metric, answers.tool_metric) is not null as is_understood,
        questions.no_answer_values,
        questions.journey_id as own_journey_id,
        coalesce(questions.touchpoint_id, arrived_at.touchpoint_id, 'none') as touchpoint_id,
        coalesce(questions.survey_kind, surveys.survey_kind) as own_survey_kind,
        responses.load_id as newest_load_id
    from answers
    inner join responses
        on answers.response_key = responses.response_key
    left join {{ ref('int_questions_mapped') }} as questions
        on
            responses.source_name = questions.source_name
            and responses.survey_id = questions.survey_id
            and answers.question_ref = questions.question_ref
    left join arrived_at
        on answers.response_key = arrived_at.response_key
    left join {{ ref('int_surveys_mapped') }} as surveys
        on responses.source_name = surveys.source_name and responses.survey_id = surveys.survey_id
),

scaled as (
    select
        understood.*,
        understood.metric in ('nps', 'enps', 'csat', 'ces', 'rating') as is_score,
        case
            when understood.metric in ('nps', 'enps') then coalesce(understood.told_scale_min, 0e0)
            else understood.told_scale_min
        end as scale_min,
        case
            when understood.metric in ('nps', 'enps') then coalesce(understood.told_scale_max, 10e0)
            else understood.told_scale_max
        end as scale_max,
        coalesce(understood.own_journey_id, touchpoints.journey_id, 'none') as journey_id,
        coalesce(
            understood.own_survey_kind,
            case when understood.touchpoint_id <> 'none' then 'transactional' else 'relational' end
        ) as survey_kind
    from understood
    left join {{ ref('stg_programme__touchpoints') }} as touchpoints
        on understood.touchpoint_id = touchpoints.touchpoint_id
    where not {{ says_no_answer('understood.value_text', 'understood.value_number', 'understood.no_answer_values') }}
),

judged as (
    select
        scaled.*,
        case when is_score then score_number end as raw_value,
        case
            when not is_score then null
            when is_reversed then scale_min + scale_max - score_number
            else score_number
        end as value,
        case
            when not is_score then null
            when score_number is null and choices is not null
                then 'it is none of the `choices` that questions.csv names for its question'
            when score_number is null
                then 'it is not a number; name worded choices, lowest first, in `choices` of questions.csv'
            when scale_min is null or scale_max is null then 'its question has no scale'
            when score_number < scale_min or score_number > scale_max then 'it is not on the scale of its question'
        end as quarantine_reason
    from scaled
)

select
    answer_key,
    response_key,
    source_name,
    survey_id,
    response_id,
    question_ref,
    coalesce(asked, question_ref) as question_text,
    position,
    choice_id,
    metric,
    survey_kind,
    asks_for,
    experience,
    journey_id,
    touchpoint_id,
    -- What a contact question was answered stays where it was read.
    case when not {{ is_contact_metric('metric') }} then value_text end as value_text,
    case when not {{ is_contact_metric('metric') }} then value_number end as value_number,
    value,
    raw_value,
    case when is_score then scale_min end as scale_min,
    case when is_score then scale_max end as scale_max,
    case
        when quarantine_reason is null then {{ score_class('metric', 'value', 'scale_min', 'scale_max') }}
    end as score_class,
    is_mapped,
    is_understood,
    {{ holds_address('value_text') }} as holds_address,
    language,
    submitted_at,
    quarantine_reason,
    newest_load_id as load_id
from judged
