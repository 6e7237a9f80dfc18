-- One row per comment and theme: whose pattern, of the comment's language or of any, finds something in the comment, or
-- whose code a coded one names.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

-- depends_on: {{ ref('stg_raw__responses') }}
-- depends_on: {{ ref('responses') }}
{%- set patterns = theme_patterns() %}

with judged as (
    select * from {{ ref('int_answers_judged') }}
    where
        metric in ('comment', 'theme_code') and value_text is not null
        {%- if is_incremental() %}
        and {{ is_newer('load_id') }}
        {%- endif %}
),

comments as (
    select
        answer_key as comment_key,
        response_key,
        load_id,
        coalesce(lower(language), '') || '-' as spoken,
        {{ composed('value_text') }} as plain
    from judged
    where metric = 'comment'
),

candidates as (
    select * from comments
    where {{ may_match(patterns) }}
),

marked as (
    select
        *,
        {{ marked_words('plain') }} as marked
    from candidates
),

numbered as (
    select
        comment_key,
        response_key,
        load_id,
        {{ numbers_of_matches(patterns) }} as pattern_numbers
    from marked
),

found as (
    select
        parts.comment_key,
        parts.response_key,
        theme_patterns.theme_id,
        parts.load_id
    from {{ text_parts('numbered', 'pattern_numbers', ';') }}
    inner join {{ source('computed', 'theme_patterns') }} as theme_patterns
        on try_cast(parts.part as int) = theme_patterns.pattern_no
    union all
    select
        judged.answer_key as comment_key,
        judged.response_key,
        themes.theme_id,
        judged.load_id
    from judged
    inner join {{ ref('stg_programme__themes') }} as themes
        on
            judged.metric = 'theme_code'
            and ({{ is_any('themes.source_name') }} or themes.source_name = judged.source_name)
            and ({{ is_any('themes.survey_id') }} or themes.survey_id = judged.survey_id)
            and ({{ is_any('themes.question_ref') }} or themes.question_ref = judged.question_ref)
            and (
                lower(trim(themes.theme_code)) = lower(judged.value_text)
                or trim(themes.theme_code) = judged.choice_id
                or {{ number_of('themes.theme_code') }} = judged.value_number
            )
)

select
    comment_key,
    theme_id,
    response_key,
    max(load_id) as load_id
from found
where theme_id is not null
group by comment_key, theme_id, response_key
