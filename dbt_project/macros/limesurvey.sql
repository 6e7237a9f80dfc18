{#-
    What a LimeSurvey question type says that it measures; null where it says nothing of the kind. Lists and short texts
    say nothing: a short text is as often a customer's number as a comment.
-#}
{% macro limesurvey_metric(question_type, question_ref) -%}
    case
        when {{ question_type }} in ('5', 'A', 'B') then 'rating'
        when {{ question_type }} in ('T', 'U') then 'comment'
        when {{ question_type }} in ('O', 'P') and {{ question_ref }} like '%comment' then 'comment'
    end
{%- endmacro %}
