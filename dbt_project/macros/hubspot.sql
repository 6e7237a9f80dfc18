{#- What HubSpot's feedback submissions mean. -#}

{#- Is a property one that HubSpot keeps itself, and no question of the account's own? -#}
{% macro hubspot_keeps(name) -%}{{ holds(name, "'^(hs|hubspot)_'") }}{%- endmacro %}

{#-
    What a property holds of what a customer said. Only NPS has a scale that is the same everywhere; what a CSAT or
    CES survey counts up to no property tells, so those wait in `unmapped_questions` for a person to say it.
-#}
{% macro hubspot_metric(name, survey_type, field_type) -%}
    case
        when {{ name }} = 'hs_content' then 'comment'
        when {{ name }} = 'hs_value' and upper({{ survey_type }}) = 'NPS' then 'nps'
        when {{ name }} = 'hs_value' then null
        when {{ contact_kind(name) }} is not null then 'contact_' || {{ contact_kind(name) }}
        when {{ field_type }} = 'textarea' then 'comment'
        when {{ field_type }} = 'phonenumber' then 'contact_phone'
    end
{%- endmacro %}
