{#-
    The tools whose answers are read, each with a staging folder of its own. A tool has three views there:
    `stg_<tool>__answers`, `stg_<tool>__properties` and `stg_<tool>__questions`; of files and of what customers told
    at the desk no tool defines questions. An installation builds the folders of the tools that it uses (`tools`).
-#}
{% macro survey_tools() -%}{{ return(['desk', 'files'] + var('tools')) }}{%- endmacro %}


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


{#- Was a row of a definition the newest one that was known when a response was collected? -#}
{% macro known_at(row, response) -%}
    {{ row }}.first_load <= {{ response }}.load_id
    and ({{ row }}.next_load is null or {{ response }}.load_id < {{ row }}.next_load)
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
