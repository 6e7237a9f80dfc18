{#-
    What an answer of Delighted measures; null where it says nothing of the kind. The type of a score is the kind of
    survey it is the score of.
-#}
{% macro delighted_metric(question_type, question_ref) -%}
    case
        when {{ question_type }} in ('comment', 'free_response') then 'comment'
        when {{ question_ref }} <> 'score' then null
        when {{ question_type }} like 'nps%' then 'nps'
        when {{ question_type }} like 'enps%' or {{ question_type }} like 'employee%' then 'enps'
        when {{ question_type }} like 'csat%' then 'csat'
        when {{ question_type }} like 'ces%' then 'ces'
        when
            {{ question_type }} like 'star%' or {{ question_type }} like 'smiley%'
            or {{ question_type }} like 'thumb%'
            then 'rating'
    end
{%- endmacro %}
