{#- What an answer says before it is counted. -#}

{#- Questions that ask for contact details; their answers live in private.contacts alone. -#}
{% macro is_contact_metric(metric) -%}
    {{ metric }} in ('contact_email', 'contact_phone', 'contact_name')
{%- endmacro %}


{#-
    Is this one of the question's values for "no answer" (`0;6;n/a`)? Compared trimmed and without case, and as
    numbers where both are: `6.0` says what `6` says.
-#}
{% macro says_no_answer(text, number, values) -%}
    {{ any_part(
        values, ';', 'word',
        "trim(word) <> '' and (lower(trim(word)) = lower(trim(" ~ text ~ "))"
        ~ " or coalesce(" ~ number_of('word') ~ " = " ~ number ~ ", false))"
    ) }}
{%- endmacro %}


{#- Worded choices as they are compared: lower case, no blanks around the marks. -#}
{% macro choices_compared(choices) -%}
    replace(replace(replace(replace(lower({{ choices }}), '; ', ';'), ' ;', ';'), '| ', '|'), ' |', '|')
{%- endmacro %}


{#- How many worded choices a question has (`poor|bad;fair;good` are three). -#}
{% macro choices_of(choices) -%}
    (length({{ choices }}) - length(replace({{ choices }}, ';', '')) + 1)
{%- endmacro %}


{#- Which of the worded choices an answer is, counted from 1; null for none of them. -#}
{% macro place_among(text, choices) -%}
    {%- set listed = "';' || " ~ choices_compared(choices) ~ " || ';'" -%}
    {%- set said = "';' || lower(trim(" ~ text ~ ")) || ';'" -%}
    {%- set at = "instr(replace(" ~ listed ~ ", '|', ';'), " ~ said ~ ")" -%}
    case
        when {{ at }} > 0 and instr({{ text }}, ';') = 0
            then length(substr({{ listed }}, 1, {{ at }})) - length(replace(substr({{ listed }}, 1, {{ at }}), ';', ''))
    end
{%- endmacro %}
