{#-
    Every formula once. Arguments are SQL expressions (mostly column names); results are SQL expressions that
    DuckDB and Spark read alike. Numbers are doubles: a literal with `e0` is one, `1.96` alone would be a decimal.
    What the formulas mean, and their sources, is written where the marts are described.
-#}

{#- Two-sided 95 %. -#}
{% macro z_95() %}1.959963984540054e0{% endmacro %}


{#- Metrics that are told in points, -100 to 100; all others are shares, 0 to 1. -#}
{% macro is_points(metric) -%}
    {{ metric }} in ('nps', 'enps')
{%- endmacro %}


{#- Where a value lies on its scale, 0 to 1; null without a scale. -#}
{% macro position(value, scale_min, scale_max) -%}
    (cast({{ value }} as double) - {{ scale_min }}) / nullif(cast({{ scale_max }} as double) - {{ scale_min }}, 0e0)
{%- endmacro %}


{#- A number to twelve decimals whose sum is the same in any order; null where it does not fit. -#}
{% macro exactly(number) -%}
    try_cast({{ number }} as decimal(38, 12))
{%- endmacro %}


{#- The class of an answer: promoter, passive, detractor, or top, middle, bottom; null where it has none. -#}
{% macro score_class(metric, value, scale_min, scale_max) -%}
    case
        when {{ metric }} in ('nps', 'enps')
            then
                case
                    when {{ value }} >= 9 then 'promoter'
                    when {{ value }} >= 7 then 'passive'
                    when {{ value }} is not null then 'detractor'
                end
        when {{ metric }} in ('csat', 'ces', 'rating')
            then
                case
                    when {{ position(value, scale_min, scale_max) }} >= 0.75e0 then 'top'
                    when {{ position(value, scale_min, scale_max) }} <= 0.25e0 then 'bottom'
                    when {{ position(value, scale_min, scale_max) }} is not null then 'middle'
                end
    end
{%- endmacro %}


{#- What a score is the mean of: 1, 0, -1 for promoter, passive, detractor; 1 and 0 for top and the others. -#}
{% macro score_code(score_class) -%}
    case
        when {{ score_class }} in ('promoter', 'top') then 1e0
        when {{ score_class }} = 'detractor' then -1e0
        when {{ score_class }} is not null then 0e0
    end
{%- endmacro %}


{#- Weighted share of the good (or bad) answers of a cell of sums; out of the counts where all weights are equal. -#}
{% macro weighted_share(kind) -%}
    case
        when not weight_sum > 0e0 then null
        when weight_min = weight_max or {{ kind }} = 0e0 or {{ kind }} = answer_count
            then {{ kind }} / nullif(cast(answer_count as double), 0e0)
        else least(1e0, greatest(0e0, {{ kind }}_weight / nullif(weight_sum, 0e0)))
    end
{%- endmacro %}


{#- Weighted mean of the values of a cell of sums; the plain one where all weights are equal. -#}
{% macro weighted_mean() -%}
    case
        when weight_min = weight_max and weight_min > 0e0 then value_sum / nullif(cast(answer_count as double), 0e0)
        else weighted_value_sum / nullif(weight_sum, 0e0)
    end
{%- endmacro %}


{#- Variance of one coded answer: +1, 0, -1 (points) or 1, 0 (shares, where `bad` is 0). -#}
{% macro answer_variance(good, bad) -%}
    ({{ good }} + {{ bad }} - ({{ good }} - {{ bad }}) * ({{ good }} - {{ bad }}))
{%- endmacro %}


{#-
    Squared deviations of the clusters from the cell's mean m, out of three sums over clusters:
    sum of (A - m W)^2 = sum A^2 - 2 m sum A W + m^2 sum W^2, A a cluster's weighted codes, W its weight.
-#}
{% macro cluster_deviation(mean, square_sum, cross_sum, weight_square_sum) -%}
    greatest(
        {{ square_sum }} - 2e0 * ({{ mean }}) * {{ cross_sum }} + ({{ mean }}) * ({{ mean }}) * {{ weight_square_sum }},
        0e0
    )
{%- endmacro %}


{#- Variance of the cell's mean with weights and clusters; null for one cluster. -#}
{% macro clustered_variance(deviation, clusters, answers, weight_sum) -%}
    {{ clusters }} / nullif({{ clusters }} - 1e0, 0e0) * ({{ answers }} - 1e0) / nullif(cast({{ answers }} as double), 0e0)
    * {{ deviation }} / nullif({{ weight_sum }} * {{ weight_sum }}, 0e0)
{%- endmacro %}


{#- The weight of clusters of unequal weight, in clusters: (sum W)^2 / sum W^2. -#}
{% macro kish(weight_sum, weight_square_sum) -%}
    {{ weight_sum }} * {{ weight_sum }} / nullif({{ weight_square_sum }}, 0e0)
{%- endmacro %}


{#-
    Effective number of answers n* = n / max(1, deff), deff = V / V0. `simple_variance` is that of one answer
    (V0 times n). Cases in order: no weight at all; one cluster; independent answers of equal weight (exactly n);
    all answers of one code, which have no variance to compare; else the design effect.
-#}
{% macro effective_count(answers, clusters, is_simple, is_one_code, variance, simple_variance, weight_sum, weight_square_sum) -%}
    case
        when not {{ weight_sum }} > 0e0 then 0e0
        when {{ clusters }} = 1 then 1e0
        when {{ is_simple }} then cast({{ answers }} as double)
        when {{ is_one_code }} or not {{ simple_variance }} > 0e0 then {{ kish(weight_sum, weight_square_sum) }}
        else
            {{ answers }}
            / nullif(greatest(1e0, {{ variance }} * {{ answers }} / nullif({{ simple_variance }}, 0e0)), 0e0)
    end
{%- endmacro %}


{#- Centre of the adjusted Wald interval of an NPS, -1 to 1: three answers added, 3/4 good, 3/4 bad. -#}
{% macro wald_centre(good, bad, n) -%}
    (({{ good }} - {{ bad }}) * {{ n }} / nullif({{ n }} + 3e0, 0e0))
{%- endmacro %}


{#- Variance of that centre. -#}
{% macro wald_variance(good, bad, n) -%}
    (
        (({{ good }} + {{ bad }}) * {{ n }} + 1.5e0) / nullif({{ n }} + 3e0, 0e0)
        - {{ wald_centre(good, bad, n) }} * {{ wald_centre(good, bad, n) }}
    ) / nullif({{ n }} + 3e0, 0e0)
{%- endmacro %}


{#- Adjusted Wald interval of an NPS in points, cut at -100 and 100. -#}
{% macro wald_low(good, bad, n) -%}
    greatest(
        -100e0,
        100e0 * ({{ wald_centre(good, bad, n) }} - {{ z_95() }} * sqrt({{ wald_variance(good, bad, n) }}))
    )
{%- endmacro %}

{% macro wald_high(good, bad, n) -%}
    least(
        100e0,
        100e0 * ({{ wald_centre(good, bad, n) }} + {{ z_95() }} * sqrt({{ wald_variance(good, bad, n) }}))
    )
{%- endmacro %}


{#- Half width and centre of the Wilson interval, both times 1 + z^2/n. -#}
{% macro wilson_centre(share, n) -%}
    ({{ share }} + {{ z_95() }} * {{ z_95() }} / nullif(2e0 * {{ n }}, 0e0))
{%- endmacro %}

{% macro wilson_reach(share, n) -%}
    (
        {{ z_95() }} * sqrt(
            {{ share }} * (1e0 - {{ share }}) / nullif({{ n }}, 0e0)
            + {{ z_95() }} * {{ z_95() }} / nullif(4e0 * {{ n }} * {{ n }}, 0e0)
        )
    )
{%- endmacro %}

{% macro wilson_scale(n) -%}
    nullif(1e0 + {{ z_95() }} * {{ z_95() }} / nullif({{ n }}, 0e0), 0e0)
{%- endmacro %}

{#- Wilson interval of a share, 0 to 1; exactly 0 or 1 at the ends. -#}
{% macro wilson_low(share, n) -%}
    case
        when {{ share }} <= 0e0 and {{ n }} > 0e0 then 0e0
        else ({{ wilson_centre(share, n) }} - {{ wilson_reach(share, n) }}) / {{ wilson_scale(n) }}
    end
{%- endmacro %}

{% macro wilson_high(share, n) -%}
    case
        when {{ share }} >= 1e0 and {{ n }} > 0e0 then 1e0
        else ({{ wilson_centre(share, n) }} + {{ wilson_reach(share, n) }}) / {{ wilson_scale(n) }}
    end
{%- endmacro %}


{#- The width of an interval from which a score of this metric is flagged, out of the settings. -#}
{% macro flag_wider_than(metric, settings) -%}
    case
        when {{ is_points(metric) }} then {{ settings }}.flag_points_wider_than
        else {{ settings }}.flag_share_wider_than
    end
{%- endmacro %}


{#- What may be said of a number: suppress, flag or publish. Limits are met after rounding to 6 decimals. -#}
{% macro verdict(effective, low, high, suppress_below, flag_wider_than) -%}
    case
        when {{ low }} is null or {{ high }} is null then 'suppress'
        when round({{ effective }}, 6) < {{ suppress_below }} then 'suppress'
        when round({{ high }} - {{ low }}, 6) > {{ flag_wider_than }} then 'flag'
        else 'publish'
    end
{%- endmacro %}
