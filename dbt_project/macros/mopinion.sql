{#-
    What the kind of a Mopinion field says that it measures; null where it says nothing of the kind, as that of an
    input, which holds addresses as often as comments.
-#}
{% macro mopinion_metric(question_type, question_ref) -%}
    case
        when {{ question_type }} in ('nps', 'csat', 'ces') then {{ question_type }}
        when {{ question_type }} in ('rating', 'stars', 'smileys', 'thumbs') then 'rating'
        when {{ question_type }} = 'textarea' then 'comment'
        when {{ question_type }} = 'email' then 'contact_email'
        when {{ question_type }} in ('phone', 'tel') then 'contact_phone'
    end
{%- endmacro %}
