{#-
    What the kind of a Mopinion field says that it measures; null where it says nothing of the kind, as that of an
    input, which holds addresses as often as comments.
-#}
{% macro mopinion_metric(kind) -%}
    case
        when {{ kind }} in ('nps', 'csat', 'ces') then {{ kind }}
        when {{ kind }} in ('rating', 'stars', 'smileys', 'thumbs') then 'rating'
        when {{ kind }} = 'textarea' then 'comment'
        when {{ kind }} = 'email' then 'contact_email'
        when {{ kind }} in ('phone', 'tel') then 'contact_phone'
    end
{%- endmacro %}
