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
