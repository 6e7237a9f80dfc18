{#- What a question of a Zendesk survey says that it measures; null where it says nothing of the kind. -#}
{% macro zendesk_metric(question_type, sub_type) -%}
    case
        when {{ question_type }} = 'open_ended' then 'comment'
        when {{ question_type }} not like 'rating_scale%' then null
        when {{ sub_type }} = 'customer_satisfaction' then 'csat'
        when {{ sub_type }} is not null then 'rating'
    end
{%- endmacro %}
