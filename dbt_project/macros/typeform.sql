{#- What a Typeform field type says that it measures; null where it says nothing of the kind. -#}
{% macro typeform_metric(field_type) -%}
    case
        when {{ field_type }} = 'nps' then 'nps'
        when {{ field_type }} in ('rating', 'opinion_scale') then 'rating'
        when {{ field_type }} in ('long_text', 'short_text') then 'comment'
        when {{ field_type }} = 'email' then 'contact_email'
        when {{ field_type }} = 'phone_number' then 'contact_phone'
        when {{ field_type }} in ('contact_info', 'address') then 'contact_name'
    end
{%- endmacro %}
