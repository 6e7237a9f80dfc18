-- One row per version of a Formbricks response and answer; of a list (choices, ranks, contact details) one row per
-- item, of a matrix one row per row of it.
{%- set lists = "('multipleChoiceMulti', 'ranking', 'pictureSelection', 'fileUpload', 'address', 'contactInfo')" %}

with versions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        payload,
        coalesce({{ json_text('payload', 'language') }}, 'default') as language
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'formbricks' and not is_deleted
),

members as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        language,
        name as question_ref,
        value as told
    from {{ json_members('versions', json_part('payload', 'data')) }}
),

-- What no version of the survey asks and none hides is told all the same, so that nothing is lost; but for the mark
-- that somebody passed the welcome card.
given as (
    select
        members.*,
        elements.element_type,
        elements.input_type,
        elements.scale_range,
        elements.element_type in {{ lists }} and trim(members.told) like '[%' as is_list,
        coalesce(elements.place, 0) * 1000 as place
    from members
    left join {{ ref('stg_formbricks__elements') }} as elements
        on
            members.source_name = elements.source_name
            and members.survey_id = elements.survey_id
            and members.question_ref = elements.element_id
            and {{ counted_at('elements', 'members.load_id') }}
    left join {{ ref('stg_formbricks__fields') }} as fields
        on
            members.source_name = fields.source_name
            and members.survey_id = fields.survey_id
            and members.question_ref = fields.field_id
            and fields.kind = 'hidden'
            and {{ counted_at('fields', 'members.load_id') }}
    where
        elements.element_id is not null
        or (fields.field_id is null and members.question_ref <> 'welcomeCard')
),

lists as (
    select * from given
    where is_list
),

matrices as (
    select * from given
    where element_type = 'matrix'
),

said as (
    select
        given.*,
        0 as number,
        told as value_text
    from given
    where not coalesce(is_list, false) and coalesce(element_type, '') <> 'matrix'
    union all
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        language,
        question_ref,
        told,
        element_type,
        input_type,
        scale_range,
        is_list,
        place,
        position as number,
        {{ json_scalar('item') }} as value_text
    from {{ json_items('lists', valid_json('told')) }}
    union all
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        language,
        question_ref,
        told,
        element_type,
        input_type,
        scale_range,
        is_list,
        place,
        row_number() over (
            partition by response_key, load_id, sequence, question_ref order by name asc nulls last
        ) as number,
        name || ': ' || {{ filled('value') }} as value_text
    from {{ json_members('matrices', valid_json('told')) }}
),

meant as (
    select
        said.*,
        choices.choice_id,
        row_number() over (
            partition by said.response_key, said.load_id, said.sequence, said.question_ref, said.number
            order by
                case choices.language when said.language then 0 when 'default' then 1 else 2 end asc nulls last,
                choices.first_load desc nulls last, choices.choice_id asc nulls last
        ) as likeliest_first
    from said
    left join {{ ref('stg_formbricks__choices') }} as choices
        on
            said.source_name = choices.source_name
            and said.survey_id = choices.survey_id
            and said.question_ref = choices.element_id
            and trim(said.value_text) = choices.label
            and choices.first_load <= said.load_id
),

with_words as (
    select
        source_name,
        survey_id,
        element_id,
        min(first_load) as first_load
    from {{ ref('stg_formbricks__choices') }}
    where choice_id = 'other'
    group by source_name, survey_id, element_id
)

select
    meant.response_key,
    meant.load_id,
    meant.sequence,
    meant.question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(meant.place + meant.number as bigint) as position,
    meant.value_text,
    case
        when meant.element_type = 'pictureSelection' then meant.value_text
        when meant.choice_id is not null then meant.choice_id
        when with_words.element_id is not null then 'other'
    end as choice_id,
    case
        when meant.element_type = 'contactInfo' then {{ formbricks_contact('meant.number') }}
        else {{ formbricks_metric('meant.element_type', 'meant.input_type') }}
    end as tool_metric,
    {{ formbricks_scale_min('meant.element_type') }} as tool_scale_min,
    {{ formbricks_scale_max('meant.element_type', 'meant.scale_range') }} as tool_scale_max
from meant
left join with_words
    on
        meant.source_name = with_words.source_name
        and meant.survey_id = with_words.survey_id
        and meant.question_ref = with_words.element_id
        and with_words.first_load <= meant.load_id
where
    meant.likeliest_first = 1
    and {{ filled('meant.value_text') }} is not null
    -- Older rows hold the id of "other" before the words that were written.
    and not (meant.is_list and meant.value_text = 'other' and meant.choice_id is null)
