{#- What the score of a kind of Delighted survey measures; null where the kind says nothing of it. -#}
{% macro delighted_metric(answer_type, kind) -%}
    case
        when {{ answer_type }} in ('comment', 'free_response') then 'comment'
        when {{ answer_type }} <> 'score' then null
        when {{ kind }} like 'nps%' then 'nps'
        when {{ kind }} like 'enps%' or {{ kind }} like 'employee%' then 'enps'
        when {{ kind }} like 'csat%' then 'csat'
        when {{ kind }} like 'ces%' then 'ces'
        when {{ kind }} like 'star%' or {{ kind }} like 'smiley%' or {{ kind }} like 'thumb%' then 'rating'
    end
{%- endmacro %}
