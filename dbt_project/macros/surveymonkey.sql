{#- What SurveyMonkey's definitions mean. -#}

{#-
    The number at the end of a choice ("Extremely likely - 10"), else its place from 0: what a choice of the NPS scale
    says. Its weight does not, that is -100, 0 or 100.
-#}
{% macro surveymonkey_likelihood(choice_text, position) -%}
    coalesce({{ number_of("split_part(" ~ choice_text ~ ", ' ', -1)") }}, {{ position }} - 1e0)
{%- endmacro %}

{#- The weight that the NPS scale gives a likelihood; a question where all weights are these asks for NPS. -#}
{% macro surveymonkey_nps_weight(likelihood) -%}
    case
        when {{ likelihood }} between 0e0 and 6e0 then -100e0
        when {{ likelihood }} in (7e0, 8e0) then 0e0
        when {{ likelihood }} in (9e0, 10e0) then 100e0
    end
{%- endmacro %}

{#- What an open question says that it measures: a slider, a number or a date is no comment. -#}
{% macro surveymonkey_open_metric(subtype, validation, display_type) -%}
    case
        when {{ subtype }} not in ('single', 'essay') or coalesce({{ display_type }}, '') = 'slider' then null
        when {{ validation }} = 'email' then 'contact_email'
        when coalesce({{ validation }}, 'any') in ('any', 'text', 'regex') then 'comment'
    end
{%- endmacro %}

{#- What a row of a question for contact details says that it holds. -#}
{% macro surveymonkey_contact_metric(row_type) -%}
    case
        when {{ row_type }} = 'email' then 'contact_email'
        when {{ row_type }} = 'phone' then 'contact_phone'
        else 'contact_name'
    end
{%- endmacro %}
