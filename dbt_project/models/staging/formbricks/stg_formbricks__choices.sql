-- One row per element, language, wording and choice of Formbricks: which choice was meant by an answer, which the tool
-- tells in the words that the respondent saw.

with elements as (
    select
        source_name,
        survey_id,
        element_id,
        choices,
        load_id
    from {{ ref('stg_formbricks__elements') }}
),

listed as (
    select
        source_name,
        survey_id,
        element_id,
        load_id,
        item as choice
    from {{ json_items('elements', 'choices') }}
),

worded as (
    select
        source_name,
        survey_id,
        element_id,
        load_id,
        name as language,
        {{ filled('value') }} as label,
        {{ json_text('choice', 'id') }} as choice_id
    from {{ json_members('listed', json_part('choice', 'label')) }}
)

select
    source_name,
    survey_id,
    element_id,
    language,
    label,
    choice_id,
    min(load_id) as first_load
from worded
where label is not null and choice_id is not null
group by source_name, survey_id, element_id, language, label, choice_id
