-- One row per version of a SurveyMonkey survey, question and choice in it, the field beside the choices included:
-- what the choice is called, and the number it stands for where the question has a scale.

with versions as (
    {{ definitions_in_time('surveymonkey') }}
),

pages as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        item as page
    from {{ json_items('versions', json_part('payload', 'pages')) }}
),

questions as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        {{ json_text('item', 'id') }} as question_id,
        coalesce({{ json_text('item', 'family') }}, '') = 'matrix'
        and coalesce({{ json_text('item', 'subtype') }}, '') = 'rating' as is_rating,
        item as question
    from {{ json_items('pages', json_part('page', 'questions')) }}
),

cols as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        item as col
    from {{ json_items('questions', json_part('question', 'answers.cols')) }}
),

choices as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        is_rating,
        item as choice
    from {{ json_items('questions', json_part('question', 'answers.choices')) }}
    union all
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        false as is_rating,
        item as choice
    from {{ json_items('cols', json_part('col', 'choices')) }}
),

read_choices as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        {{ json_text('choice', 'id') }} as choice_id,
        {{ plain_text(json_text('choice', 'text')) }} as choice_text,
        try_cast({{ json_text('choice', 'position') }} as double) as position,
        try_cast({{ json_text('choice', 'weight') }} as double) as weight,
        coalesce({{ json_text('choice', 'is_na') }} = 'true', false) as is_na,
        is_rating
    from choices
),

-- What counts on a scale: the choices of a rating that are not "not applicable".
counted as (
    select
        read_choices.*,
        is_rating and not is_na as is_on_scale,
        case
            when is_rating and not is_na then {{ surveymonkey_likelihood('choice_text', 'position') }}
        end as likelihood
    from read_choices
),

weighed as (
    select
        counted.*,
        min(
            case
                when not is_on_scale then null
                when weight = {{ surveymonkey_nps_weight('likelihood') }} then 1
                else 0
            end
        ) over (partition by source_name, survey_id, load_id, question_id) as is_nps,
        min(case when is_on_scale then weight end) over (
            partition by source_name, survey_id, load_id, question_id
        ) as least_weight,
        max(case when is_on_scale then weight end) over (
            partition by source_name, survey_id, load_id, question_id
        ) as greatest_weight
    from counted
),

judged as (
    select
        weighed.*,
        case
            when is_nps = 1 and least_weight = -100e0 and greatest_weight = 100e0 then 'nps'
            when is_rating and least_weight < greatest_weight then 'rating'
        end as metric
    from weighed
),

told as (
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        choice_id,
        choice_text,
        metric,
        case
            when not is_on_scale then null
            when metric = 'nps' then likelihood
            when metric = 'rating' then weight
        end as score,
        case when metric = 'nps' then 0e0 when metric = 'rating' then least_weight end as scale_min,
        case when metric = 'nps' then 10e0 when metric = 'rating' then greatest_weight end as scale_max,
        is_na,
        false as is_beside
    from judged
    where choice_id is not null
    union all
    select
        source_name,
        survey_id,
        load_id,
        until_load_id,
        question_id,
        coalesce({{ json_text('question', 'answers.other.id') }}, {{ json_text('question', 'answers.other[0].id') }})
            as choice_id,
        {{ plain_text(
            "coalesce(" ~ json_text('question', 'answers.other.text') ~ ", "
            ~ json_text('question', 'answers.other[0].text') ~ ")"
        ) }} as choice_text,
        cast(null as {{ dbt.type_string() }}) as metric,
        cast(null as double) as score,
        cast(null as double) as scale_min,
        cast(null as double) as scale_max,
        false as is_na,
        coalesce(
            {{ json_text('question', 'answers.other.is_answer_choice') }},
            {{ json_text('question', 'answers.other[0].is_answer_choice') }},
            'true'
        ) = 'false' as is_beside
    from questions
    where
        {{ json_text('question', 'answers.other.id') }} is not null
        or {{ json_text('question', 'answers.other[0].id') }} is not null
),

-- Ids are told once; where one is not, an answer must not count twice for it.
numbered as (
    select
        told.*,
        row_number() over (
            partition by source_name, survey_id, load_id, question_id, choice_id order by choice_text asc nulls last
        ) as place
    from told
)

select
    source_name,
    survey_id,
    load_id,
    until_load_id,
    question_id,
    choice_id,
    choice_text,
    metric,
    score,
    scale_min,
    scale_max,
    is_na,
    is_beside
from numbered
where place = 1
