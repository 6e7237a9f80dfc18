{#- What the models of pain points agree on. -#}

{#- Which window a day lies in: now (the 90 full days before today), before (the 90 before those), or neither. -#}
{% macro window_of(day) -%}
    case
        when {{ day }} >= settings.today then null
        when {{ day }} >= cast(settings.today - interval '90' day as date) then 'now'
        when {{ day }} >= cast(settings.today - interval '180' day as date) then 'before'
    end
{%- endmacro %}


{#- A score out of weighted sums: points for nps and enps, else the share of good answers; null without weight. -#}
{% macro score_of_sums(is_points, good, bad, weight) -%}
    case
        when {{ is_points }} then 100e0 * ({{ good }} - {{ bad }}) / nullif({{ weight }}, 0e0)
        else {{ good }} / nullif({{ weight }}, 0e0)
    end
{%- endmacro %}


{#- Effective number of what was said in a window, of which a share raises a pain point; weights are all 1. -#}
{% macro share_effective_count(window) -%}
    {%- set rate, said, speakers = 'rate_' ~ window, 'said_' ~ window, 'speakers_' ~ window -%}
    {%- set deviation = cluster_deviation(rate, 'square_' ~ window, 'cross_' ~ window, 'said_square_' ~ window) -%}
    {{ effective_count(
        said, speakers, said ~ ' = ' ~ speakers, rate ~ ' in (0e0, 1e0)',
        '(' ~ clustered_variance(deviation, speakers, said, said) ~ ')',
        answer_variance(rate, '0e0'), said, 'said_square_' ~ window
    ) }}
{%- endmacro %}
