{#-
    The three staging views of a tool whose module writes its payloads in the common way: beside the record as it came
    stand `answers` (ref, type, text, and where they apply question, choice, low, high), `properties` and `contacts`;
    a definition holds `asked` (ref, type, text, low, high). What a type measures is the tool's own macro, an
    expression over question_type and question_ref.
-#}
{% macro told_answers(tool, metric) -%}
with versions as (
    {{ told_versions(tool) }}
),

items as (
    select
        response_key,
        load_id,
        sequence,
        position,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'type') }} as question_type,
        {{ json_text('item', 'question') }} as question_text,
        {{ json_text('item', 'text') }} as value_text,
        {{ json_text('item', 'choice') }} as choice_id,
        {{ json_text('item', 'low') }} as low,
        {{ json_text('item', 'high') }} as high
    from {{ json_items('versions', json_part('payload', 'answers')) }}
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    {{ filled('question_text') }} as question_text,
    cast(position * 1000 as bigint) as position,
    value_text,
    choice_id,
    {{ metric }} as tool_metric,
    try_cast(low as double) as tool_scale_min,
    try_cast(high as double) as tool_scale_max
from items
where {{ filled('value_text') }} is not null and question_ref is not null
{%- endmacro %}


{#- Whatever stands in `contacts` is a contact detail; a property is one by its name, or where it holds an address. -#}
{% macro told_properties(tool) -%}
with versions as (
    {{ told_versions(tool) }}
),

-- Named once, so that an increment reads the payloads of its own loads only.
parts as (
    select
        versions.response_key,
        versions.load_id,
        versions.sequence,
        kinds.is_of_contacts,
        case
            when kinds.is_of_contacts then {{ json_part('versions.payload', 'contacts') }}
            else {{ json_part('versions.payload', 'properties') }}
        end as part
    from versions
    cross join (
        select false as is_of_contacts
        union all
        select true as is_of_contacts
    ) as kinds
),

kept as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        is_of_contacts
    from {{ json_members('parts', 'part') }}
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    is_of_contacts or {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where {{ filled('value') }} is not null and name is not null
{%- endmacro %}


{% macro told_questions(tool, metric) -%}
with definitions as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = '{{ tool }}'
),

items as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'type') }} as question_type,
        {{ json_text('item', 'text') }} as question_text,
        {{ json_text('item', 'low') }} as low,
        {{ json_text('item', 'high') }} as high
    from {{ json_items('definitions', json_part('payload', 'asked')) }}
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    {{ filled('question_text') }} as question_text,
    {{ metric }} as tool_metric,
    try_cast(low as double) as tool_scale_min,
    try_cast(high as double) as tool_scale_max
from items
where question_ref is not null
{%- endmacro %}


{#- The versions of a tool's responses, with their payloads. -#}
{% macro told_versions(tool) -%}
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = '{{ tool }}' and not is_deleted
{%- endmacro %}
