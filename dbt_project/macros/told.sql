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

kept as (
    {%- for part, is_contact in [('properties', 'false'), ('contacts', 'true')] %}
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        {{ is_contact }} as is_of_contacts
    from {{ json_members('versions', json_part('payload', part)) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
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


{% macro told_versions(tool) -%}
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = '{{ tool }}' and not is_deleted
{%- endmacro %}
