{#-
    The tools whose answers are read, each with a staging folder of its own. A tool has three views there:
    `stg_<tool>__answers`, `stg_<tool>__properties` and `stg_<tool>__questions`; of files and of what customers told
    at the desk no tool defines questions. An installation builds the folders of the tools that it uses (`tools`).
-#}
{% macro survey_tools() -%}{{ return(['desk', 'files'] + (var('tools') | list)) }}{%- endmacro %}


{#- One relation out of the views of one kind, of all tools that have it; `where` is added to each. -#}
{% macro of_all_tools(kind, where='') -%}
    {%- set tools = var('tools') if kind == 'questions' else survey_tools() -%}
    {%- for tool in tools -%}
    select * from {{ ref('stg_' ~ tool ~ '__' ~ kind) }} {{ where }}
    {{ 'union all ' if not loop.last }}
    {%- endfor -%}
    {%- if not tools -%}
    {#- No tool in use defines questions: a relation of the same columns without a row. -#}
    select
        {%- for column in ['source_name', 'survey_id', 'question_ref', 'question_text', 'tool_metric'] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(null as bigint) as load_id,
        cast(null as bigint) as sequence,
        cast(null as double) as tool_scale_min,
        cast(null as double) as tool_scale_max
    where false
    {%- endif -%}
{%- endmacro %}


{#-
    The number that an answer says. What Qualtrics tells of a choice is its value, which scores are made of; its words
    may hold other numbers.
-#}
{% macro number_told(tool, value_text, choice_id) -%}
    case
        when {{ tool }} = 'qualtrics' then coalesce({{ number_of(choice_id) }}, {{ number_of(value_text) }})
        else {{ number_of(value_text) }}
    end
{%- endmacro %}


{#-
    The definitions of a tool's surveys with the load that the next one came with (null for the newest): what an answer
    meant is what the definition said that was there at its load. Of two in one load the later counts.
-#}
{% macro definitions_in_time(tool) -%}
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        until_load_id,
        payload
    from (
        select
            source_name,
            survey_id,
            load_id,
            sequence,
            payload,
            lead(load_id) over (
                partition by source_name, survey_id order by load_id asc nulls last, sequence asc nulls last
            ) as until_load_id
        from {{ source('raw', 'definitions') }}
        where tool = '{{ tool }}'
    ) as dated
    where until_load_id is null or until_load_id > load_id
{%- endmacro %}


{#- Did a definition in time, or a part of one, count at the load of an answer? -#}
{% macro counted_at(definition, load_id) -%}
    {{ load_id }} >= {{ definition }}.load_id
    and ({{ definition }}.until_load_id is null or {{ load_id }} < {{ definition }}.until_load_id)
{%- endmacro %}
