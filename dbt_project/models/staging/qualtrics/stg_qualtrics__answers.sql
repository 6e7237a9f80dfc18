-- One row per version of a Qualtrics response and answer; of a multiple choice one row per choice, of a matrix one per
-- row. Texts are the words of the choices; their ids are the values that scores are made of.

with versions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'qualtrics' and not is_deleted
),

members as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        name as field,
        value as told
    from {{ json_members('versions', json_part('payload', 'values')) }}
    where {{ is_qualtrics_answer('name') }}
),

given as (
    select
        members.*,
        elements.question_type,
        elements.selector,
        elements.content_type,
        {{ is_qualtrics_text('members.field') }} as is_text,
        not {{ is_qualtrics_text('members.field') }}
        and trim(members.told) like '[%' and {{ valid_json('members.told') }} is not null as is_list
    from members
    left join {{ ref('stg_qualtrics__elements') }} as elements
        on
            members.source_name = elements.source_name
            and members.survey_id = elements.survey_id
            and {{ qualtrics_question_id('members.field') }} = elements.question_id
            and {{ counted_at('elements', 'members.load_id') }}
    where coalesce(elements.question_type, '') not in ('DB', 'Timing', 'Meta', 'Captcha')
),

lists as (
    select * from given
    where is_list
),

said as (
    select
        given.*,
        0 as number,
        told as value
    from given
    where not is_list
    union all
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        field,
        told,
        question_type,
        selector,
        content_type,
        is_text,
        is_list,
        position as number,
        {{ json_scalar('item') }} as value
    from {{ json_items('lists', valid_json('told')) }}
),

labels as (
    select
        response_key,
        load_id,
        sequence,
        name as field,
        value as told,
        trim(value) like '[%' and {{ valid_json('value') }} is not null as is_list
    from {{ json_members('versions', json_part('payload', 'labels')) }}
),

label_lists as (
    select * from labels
    where is_list
),

worded as (
    select
        response_key,
        load_id,
        sequence,
        field,
        0 as number,
        told as label
    from labels
    where not is_list
    union all
    select
        response_key,
        load_id,
        sequence,
        field,
        position as number,
        {{ json_scalar('item') }} as label
    from {{ json_items('label_lists', valid_json('told')) }}
),

meant as (
    select
        said.*,
        {{ filled('worded.label') }} as label,
        coalesce(said.question_type = 'MC' and said.selector = 'NPS', false) as is_plain,
        {{ is_qualtrics_beside('said.field', 'said.question_type') }} as is_beside,
        coalesce(try_cast(split_part(split_part(said.field, 'QID', 2), '_', 1) as bigint), 0) * 1000000
        + case
            when said.is_text
                then
                    500000
                    + coalesce(try_cast(split_part(split_part(said.field, 'QID', 2), '_', 2) as bigint), 0) * 1000
            else 0
        end
        + said.number as position
    from said
    left join worded
        on
            said.response_key = worded.response_key
            and said.load_id = worded.load_id
            and said.sequence = worded.sequence
            and said.field = worded.field
            and said.number = worded.number
)

select
    response_key,
    load_id,
    sequence,
    {{ qualtrics_ref('field', 'question_type') }} as question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position as bigint) as position,
    case when is_plain then value else coalesce(label, value) end as value_text,
    case
        when is_beside then 'other'
        when not is_plain and (is_list or label is not null) then {{ filled('value') }}
    end as choice_id,
    case
        when not is_beside then {{ qualtrics_metric('question_type', 'selector', 'content_type') }}
    end as tool_metric,
    case when is_plain then 0e0 end as tool_scale_min,
    case when is_plain then 10e0 end as tool_scale_max
from meant
where {{ filled('value') }} is not null
