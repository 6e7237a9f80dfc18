{#-
    What a change since an earlier period is worth: Z of two independent scores, and its p. Like all formulas, in
    doubles and in SQL that DuckDB and Spark read alike.
-#}

{#-
    Upper tail of the normal distribution beyond x >= 0 as half of erfc(x / sqrt 2): W. J. Cody's rational
    approximations (1969, with the constants of his CALERF of 1990). The relative error is below 1e-14 as far as
    doubles reach, so that a tiny p is right in its digits and not only in its size.
-#}
{% macro normal_tail(x) -%}
    case
        when {{ x }} > 37e0 then 0e0
        when {{ x }} <= 0.66e0 then 0.5e0 - {{ cody_near(x, x ~ ' * ' ~ x ~ ' / 2e0') }}
        when {{ x }} <= 5.65e0
            then exp(-{{ x }} * {{ x }} / 2e0) * {{ cody_between('(' ~ x ~ ' * 0.7071067811865476e0)') }}
        else
            exp(-{{ x }} * {{ x }} / 2e0) * {{ cody_far(x, '(2e0 / nullif(' ~ x ~ ' * ' ~ x ~ ', 0e0))') }}
    end
{%- endmacro %}

{#- Half of erf(x / sqrt 2) near 0; y is x^2 / 2. -#}
{% macro cody_near(x, y) -%}
    {{ x }} * 0.3535533905932738e0
    * {{ horner('(' ~ y ~ ')', ['1.85777706184603153e-1', '3.16112374387056560e0', '1.13864154151050156e2',
        '3.77485237685302021e2', '3.20937758913846947e3']) }}
    / nullif({{ horner('(' ~ y ~ ')', ['1e0', '2.36012909523441209e1', '2.44024637934444173e2',
        '1.28261652607737228e3', '2.84423683343917062e3']) }}, 0e0)
{%- endmacro %}

{#- Half of erfc(u) / exp(-u^2), for u up to 4. -#}
{% macro cody_between(u) -%}
    0.5e0
    * {{ horner(u, ['2.15311535474403846e-8', '5.64188496988670089e-1', '8.88314979438837594e0',
        '6.61191906371416295e1', '2.98635138197400131e2', '8.81952221241769090e2', '1.71204761263407058e3',
        '2.05107837782607147e3', '1.23033935479799725e3']) }}
    / nullif({{ horner(u, ['1e0', '1.57449261107098347e1', '1.17693950891312499e2', '5.37181101862009858e2',
        '1.62138957456669019e3', '3.29079923573345963e3', '4.36261909014324716e3', '3.43936767414372164e3',
        '1.23033935480374942e3']) }}, 0e0)
{%- endmacro %}

{#- Half of erfc(u) / exp(-u^2) beyond 4, u being x / sqrt 2; v is 1 / u^2. -#}
{% macro cody_far(x, v) -%}
    (0.5641895835477563e0 - {{ v }}
    * {{ horner(v, ['1.63153871373020978e-2', '3.05326634961232344e-1', '3.60344899949804439e-1',
        '1.25781726111229246e-1', '1.60837851487422766e-2', '6.58749161529837803e-4']) }}
    / nullif({{ horner(v, ['1e0', '2.56852019228982242e0', '1.87295284992346047e0', '5.27905102951428412e-1',
        '6.05183413124413191e-2', '2.33520497626869185e-3']) }}, 0e0))
    * 0.7071067811865476e0 / nullif({{ x }}, 0e0)
{%- endmacro %}


{#- A polynomial by Horner's rule, highest coefficient first. -#}
{% macro horner(x, coefficients) -%}
    {%- set built = namespace(sql=coefficients[0]) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set built.sql = '(' ~ built.sql ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ built.sql }}
{%- endmacro %}


{#- The normal distribution function. -#}
{% macro normal_cdf(x) -%}
    case
        when {{ x }} > 0e0 then 1e0 - ({{ normal_tail('abs(' ~ x ~ ')') }})
        else {{ normal_tail('abs(' ~ x ~ ')') }}
    end
{%- endmacro %}


{#- Two-sided p of a standard normal z. -#}
{% macro two_sided_p(z) -%}
    2e0 * ({{ normal_tail('abs(' ~ z ~ ')') }})
{%- endmacro %}


{#- Z of two independent NPS: adjusted centres and variances. -#}
{% macro wald_z(good, bad, n, good_before, bad_before, n_before) -%}
    ({{ wald_centre(good, bad, n) }} - {{ wald_centre(good_before, bad_before, n_before) }})
    / nullif(sqrt({{ wald_variance(good, bad, n) }} + {{ wald_variance(good_before, bad_before, n_before) }}), 0e0)
{%- endmacro %}


{#- Share of two groups together, weighted by their effective counts. -#}
{% macro pooled_share(share, n, share_before, n_before) -%}
    (({{ share }} * {{ n }} + {{ share_before }} * {{ n_before }}) / nullif({{ n }} + {{ n_before }}, 0e0))
{%- endmacro %}

{#- Z of two independent shares with their pooled variance; null where that is 0. -#}
{% macro pooled_z(share, n, share_before, n_before) -%}
    ({{ share }} - {{ share_before }}) / nullif(
        sqrt(
            greatest(
                {{ pooled_share(share, n, share_before, n_before) }}
                * (1e0 - {{ pooled_share(share, n, share_before, n_before) }}),
                0e0
            )
            * (1e0 / nullif({{ n }}, 0e0) + 1e0 / nullif({{ n_before }}, 0e0))
        ),
        0e0
    )
{%- endmacro %}


{#-
    Newcombe's hybrid interval of the difference of two independent shares (1998, method 10): out of both Wilson
    intervals, which may rest on effective counts.
-#}
{% macro newcombe_low(share, low, other_share, other_high) -%}
    ({{ share }} - {{ other_share }})
    - sqrt(
        ({{ share }} - {{ low }}) * ({{ share }} - {{ low }})
        + ({{ other_high }} - {{ other_share }}) * ({{ other_high }} - {{ other_share }})
    )
{%- endmacro %}

{% macro newcombe_high(share, high, other_share, other_low) -%}
    ({{ share }} - {{ other_share }})
    + sqrt(
        ({{ high }} - {{ share }}) * ({{ high }} - {{ share }})
        + ({{ other_share }} - {{ other_low }}) * ({{ other_share }} - {{ other_low }})
    )
{%- endmacro %}


{#-
    Benjamini-Hochberg: the smallest of size * p / rank over this rank and all above it. `p_rank` counts the p of a
    family from 1, `family` names the columns that tell families apart.
-#}
{% macro q_value(p, p_rank, family_size, family) -%}
    least(
        1e0,
        min({{ family_size }} * {{ p }} / nullif(cast({{ p_rank }} as double), 0e0)) over (
            partition by {{ family }}
            order by {{ p_rank }} desc nulls last
            rows between unbounded preceding and current row
        )
    )
{%- endmacro %}


{#-
    How many of n would have it if n and n_before were alike, and the count moved half a one towards that (Yates
    1934), so that small counts are not taken for certain.
-#}
{% macro expected_count(count, n, count_before, n_before) -%}
    ({{ count }} + {{ count_before }}) * {{ n }} / nullif({{ n }} + {{ n_before }}, 0e0)
{%- endmacro %}

{% macro corrected_count(count, expected) -%}
    ({{ count }} - sign({{ count }} - {{ expected }}) * least(0.5e0, abs({{ count }} - {{ expected }})))
{%- endmacro %}


{#- Observed times the logarithm of observed by expected; 0 for none. -#}
{% macro log_ratio(observed, expected) -%}
    case when {{ observed }} > 0e0 then {{ observed }} * ln({{ observed }} / nullif({{ expected }}, 0e0)) else 0e0 end
{%- endmacro %}


{#-
    G2, the log-likelihood ratio of two shares (Dunning 1993): twice the sum over the four cells of a table of counts,
    of observed times log(observed / expected). Chi-squared with one degree of freedom, so that its root is a z.
-#}
{% macro log_likelihood(count, expected, n, n_all, count_all) -%}
    greatest(
        0e0,
        2e0 * (
            {{ log_ratio(count, expected) }}
            + {{ log_ratio('(' ~ count_all ~ ' - ' ~ count ~ ')', '(' ~ count_all ~ ' - ' ~ expected ~ ')') }}
            + {{ log_ratio('(' ~ n ~ ' - ' ~ count ~ ')', '(' ~ n ~ ' - ' ~ expected ~ ')') }}
            + {{ log_ratio(
                '(' ~ n_all ~ ' - ' ~ n ~ ' - ' ~ count_all ~ ' + ' ~ count ~ ')',
                '(' ~ n_all ~ ' - ' ~ n ~ ' - ' ~ count_all ~ ' + ' ~ expected ~ ')'
            ) }}
        )
    )
{%- endmacro %}
