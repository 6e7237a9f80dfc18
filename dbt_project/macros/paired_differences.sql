{#- How sure a mean difference of pairs is; like all formulas, in SQL that DuckDB and Spark read alike. -#}

{#-
    Adjusted Wald interval of a mean difference of pairs, each at most `reach`, cut there: a pair is added that differs
    as far as it can to either side. For pairs of shares, where reach is 1, that is Bonett and Price's (2012); coded NPS
    answers differ by 2 at most. `square` is the mean of the squared differences.
-#}
{% macro pairs_centre(mean, n) -%}
    (({{ mean }}) * {{ n }} / nullif({{ n }} + 2e0, 0e0))
{%- endmacro %}

{% macro pairs_width(mean, square, n, reach) -%}
    {{ z_95() }} * sqrt(
        greatest(
            (({{ square }}) * {{ n }} + 2e0 * {{ reach }} * {{ reach }}) / nullif({{ n }} + 2e0, 0e0)
            - {{ pairs_centre(mean, n) }} * {{ pairs_centre(mean, n) }},
            0e0
        ) / nullif({{ n }} + 2e0, 0e0)
    )
{%- endmacro %}

{% macro pairs_low(mean, square, n, reach) -%}
    greatest(-{{ reach }}, {{ pairs_centre(mean, n) }} - {{ pairs_width(mean, square, n, reach) }})
{%- endmacro %}

{% macro pairs_high(mean, square, n, reach) -%}
    least({{ reach }}, {{ pairs_centre(mean, n) }} + {{ pairs_width(mean, square, n, reach) }})
{%- endmacro %}
