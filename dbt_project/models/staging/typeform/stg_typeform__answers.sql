-- One row per version of a Typeform response and answer; of a multiple choice one row per choice.
{%- set plain = ['text', 'number', 'boolean', 'email', 'url', 'file_url', 'date', 'phone_number'] %}

with versions as (
    {{ told_versions('typeform') }}
),

items as (
    select
        response_key,
        load_id,
        sequence,
        position,
        item,
        coalesce({{ json_text('item', 'field.ref') }}, {{ json_text('item', 'field.id') }}) as question_ref,
        {{ json_text('item', 'field.type') }} as field_type,
        {{ json_text('item', 'type') }} as value_type
    from {{ json_items('versions', json_part('payload', 'answers')) }}
),

several as (
    select
        response_key,
        load_id,
        sequence,
        question_ref,
        field_type,
        position as answer_position,
        item as answer
    from items
    where value_type = 'choices'
),

chosen as (
    select
        response_key,
        load_id,
        sequence,
        question_ref,
        field_type,
        position,
        {{ json_scalar('choice') }} as value_text,
        {{ json_text('answer', "choices.ids[' || (place - 1) || ']") }} as choice_id
    from (
        select
            response_key,
            load_id,
            sequence,
            question_ref,
            field_type,
            answer,
            position as place,
            answer_position * 1000 + position as position,
            item as choice
        from {{ json_items('several', json_part('answer', 'choices.labels')) }}
    ) as choices
    union all
    select
        response_key,
        load_id,
        sequence,
        question_ref,
        field_type,
        position * 1000 as position,
        {{ json_text('item', 'choices.other') }} as value_text,
        'other' as choice_id
    from items
    where value_type = 'choices'
),

given as (
    select
        response_key,
        load_id,
        sequence,
        question_ref,
        field_type,
        position * 1000 as position,
        case value_type
            {%- for type in plain %}
            when '{{ type }}' then {{ json_text('item', type) }}
            {%- endfor %}
            when 'choice'
                then coalesce({{ json_text('item', 'choice.label') }}, {{ json_text('item', 'choice.other') }})
        end as value_text,
        case
            when value_type <> 'choice' then null
            when {{ json_text('item', 'choice.label') }} is null then 'other'
            else {{ json_text('item', 'choice.id') }}
        end as choice_id
    from items
    where value_type <> 'choices'
    union all
    select * from chosen
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position as bigint) as position,
    value_text,
    choice_id,
    {{ typeform_metric('field_type') }} as tool_metric,
    case when field_type = 'nps' then 0e0 end as tool_scale_min,
    case when field_type = 'nps' then 10e0 end as tool_scale_max
from given
where {{ filled('value_text') }} is not null
