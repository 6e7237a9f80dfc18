{#- What an element of Formbricks says that it measures; null where it says nothing of the kind. -#}
{% macro formbricks_metric(element_type, input_type) -%}
    case
        when {{ element_type }} in ('nps', 'csat', 'ces', 'rating') then {{ element_type }}
        when {{ element_type }} = 'address' then 'contact_name'
        when coalesce({{ element_type }}, '') <> 'openText' then null
        when {{ input_type }} = 'email' then 'contact_email'
        when {{ input_type }} = 'phone' then 'contact_phone'
        when coalesce({{ input_type }}, 'text') = 'text' then 'comment'
    end
{%- endmacro %}


{#- What stands at a place of contact details: first name, last name, e-mail, telephone, company. -#}
{% macro formbricks_contact(place) -%}
    case {{ place }} when 3 then 'contact_email' when 4 then 'contact_phone' else 'contact_name' end
{%- endmacro %}


{#- The scale of an element that measures; null where it does not tell it. -#}
{% macro formbricks_scale_min(element_type) -%}
    case
        when {{ element_type }} = 'nps' then 0e0
        when {{ element_type }} in ('csat', 'ces', 'rating') then 1e0
    end
{%- endmacro %}

{% macro formbricks_scale_max(element_type, scale_range) -%}
    case
        when {{ element_type }} = 'nps' then 10e0
        when {{ element_type }} = 'csat' then coalesce({{ scale_range }}, 5e0)
        when {{ element_type }} in ('ces', 'rating') then {{ scale_range }}
    end
{%- endmacro %}
