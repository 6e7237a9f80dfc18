{#- What the names of Qualtrics' values say: `QID5`, `QID5_2` (a row), `QID2_TEXT` (words), `1_QID5` (in a loop). -#}

{#- Is this the name of an answer? Which group a score belongs to and in which order choices stood are none. -#}
{% macro is_qualtrics_answer(key) -%}
    {{ holds(key, "'^([0-9]+_)?QID[0-9]+(_.*)?$'") }}
    and not {{ holds(key, "'_(NPS_GROUP|DO|DO_[0-9]+)$'") }}
{%- endmacro %}


{% macro qualtrics_question_id(key) -%}
    'QID' || split_part(split_part({{ key }}, 'QID', 2), '_', 1)
{%- endmacro %}


{% macro is_qualtrics_text(key) -%}right({{ key }}, 5) = '_TEXT'{%- endmacro %}


{#- Are these the words beside a choice (`QID5_3_TEXT`)? Of a question that nobody knows they most likely are. -#}
{% macro is_qualtrics_beside(key, question_type) -%}
    coalesce({{ question_type }}, 'MC') = 'MC' and {{ holds(key, "'QID[0-9]+_[0-9]+_TEXT$'") }}
{%- endmacro %}


{#- The lasting reference of what was asked. The words beside a choice belong to the question of the choices. -#}
{% macro qualtrics_ref(key, question_type) -%}
    case
        when not {{ is_qualtrics_text(key) }} then {{ key }}
        when {{ is_qualtrics_beside(key, question_type) }}
            then split_part({{ key }}, 'QID', 1) || {{ qualtrics_question_id(key) }}
        else substring({{ key }}, 1, length({{ key }}) - 5)
    end
{%- endmacro %}


{#- What a question says that it measures; null where it says nothing of the kind. -#}
{% macro qualtrics_metric(question_type, selector, content_type) -%}
    case
        when {{ question_type }} = 'MC' and {{ selector }} = 'NPS' then 'nps'
        when {{ question_type }} <> 'TE' or {{ selector }} not in ('SL', 'ML', 'ESTB') then null
        when {{ content_type }} = 'ValidEmail' then 'contact_email'
        when {{ content_type }} = 'ValidPhone' then 'contact_phone'
        when {{ content_type }} in ('ValidNumber', 'ValidDate', 'ValidZip') then null
        when {{ question_type }} = 'TE' then 'comment'
    end
{%- endmacro %}
