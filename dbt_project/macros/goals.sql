{#-
    Whether a goal is reached, out of the score's interval and the calendar. The reason is found first; each belongs
    to one verdict. Limits are met after rounding to 6 decimals, as for verdicts of scores.
-#}
{% macro goal_reason(score_verdict, low, high, target, is_over) -%}
    case
        when {{ target }} is null then 'no_target'
        when {{ score_verdict }} is null then 'no_answers'
        when {{ score_verdict }} = 'suppress' or {{ low }} is null or {{ high }} is null then 'too_few_answers'
        when round({{ low }}, 6) >= round({{ target }}, 6) then 'surely_reached'
        when round({{ high }}, 6) >= round({{ target }}, 6) and not {{ is_over }} then 'within_reach'
        when round({{ high }}, 6) >= round({{ target }}, 6) then 'too_close_to_tell'
        when {{ is_over }} then 'surely_below'
        else 'surely_below_yet'
    end
{%- endmacro %}

{% macro goal_verdict(reason) -%}
    case {{ reason }}
        when 'surely_reached' then 'met'
        when 'within_reach' then 'on_track'
        when 'surely_below' then 'missed'
        else 'cannot_tell'
    end
{%- endmacro %}
