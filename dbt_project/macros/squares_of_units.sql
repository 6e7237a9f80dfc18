{#-
    What units with several answers in a cell change in its sums. A unit is a cluster or a respondent; most are both.
    The plain sums take every answer for a unit of its own. Most are in most cells, and for the others these common
    table expressions give the difference. Whoever answered twice in one period stands there in a row when the answers
    of one are put in order, so a look at the neighbours tells which answers must be grouped at all.
-#}

{#- One unit's answers in one cell, summed; where a cell grows, also those that it had before. -#}
{% macro sums_of_unit(dated='', growing=false) -%}
        {%- for end in ['', '_before'] if growing or not end %}
        {%- set weight = dated ~ ('known_weight' if end else 'weight') %}
        {%- set code = dated ~ ('known_code' if end else 'weighted_code') %}
        {{ 'count(case when ' ~ dated ~ 'is_known then 1 end)' if end else 'count(*)' }} as answers{{ end }},
        sum({{ weight }}) as weight{{ end }},
        sum({{ code }}) as weighted_code{{ end }},
        sum({{ weight }} * {{ weight }}) as weight_squares{{ end }},
        sum({{ code }} * {{ code }}) as code_squares{{ end }},
        sum({{ code }} * {{ weight }}) as products{{ end }}
        {{- ',' if growing and not end }}
        {%- endfor %}
{%- endmacro %}

{#- What units of several answers change in a cell's sums; where the cell grows, beyond what they had changed before. -#}
{% macro sums_of_changes(growing=false) -%}
        {%- for unit in ['cluster', 'respondent'] %}
        cast(
            sum(
                case
                    when not is_{{ unit }} then 0
                    {%- if growing %}
                    when answers_before > 0 then answers_before - answers
                    {%- endif %}
                    else 1 - answers
                end
            ) as bigint
        ) as {{ unit }}_count,
        {%- endfor %}
        {%- for column, of_unit, of_answers in [
            ('square_sum', 'weighted_code$ * weighted_code$', 'code_squares$'),
            ('cross_sum', 'weighted_code$ * weight$', 'products$'),
            ('weight_square_sum', 'weight$ * weight$', 'weight_squares$')
        ] %}
        {%- set change = of_unit ~ ' - ' ~ of_answers %}
        sum({{ change | replace('$', '') }}
        {%- if growing %} - ({{ change | replace('$', '_before') }}){% endif %}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}


{#-
    Gives changes: one row per period, period start, place and segment that has units with several answers, out of
    repeated. A unit that kept one profile in a cell changes the same in each of its segments and is summed once for
    all; only the others are summed segment by segment. Periods come in groups. Where cells grow, `is_known` says of an
    answer whether its cells were summed with it before.
-#}
{% macro changes_by_units(groups, growing=false) -%}
{%- for group in groups %}
{%- set no = loop.index %}

dated_{{ no }} as (
    {%- for period in group %}
    select
        '{{ metric_period_name(period) }}' as period,
        {{ metric_period_start(period) }} as period_start,
        places_of_spot.place_no,
        repeated.profile_no,
        repeated.unit_no,
        repeated.is_cluster,
        repeated.is_respondent,
        {%- if growing %}
        repeated.is_known,
        case when repeated.is_known then repeated.weight else 0e0 end as known_weight,
        case when repeated.is_known then repeated.weighted_code else 0e0 end as known_code,
        {%- endif %}
        repeated.weight,
        repeated.weighted_code
    from repeated
    inner join places_of_spot
        on repeated.spot_no = places_of_spot.spot_no
    {{ metric_period_filter(period) | trim or 'where true' }}
    and {{ is_repeated_in(period) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

units_{{ no }} as (
    select
        period,
        period_start,
        place_no,
        unit_no,
        is_cluster,
        is_respondent,
        min(profile_no) as first_profile,
        max(profile_no) as last_profile,
        {{- sums_of_unit('', growing) }}
    from dated_{{ no }}
    group by period, period_start, place_no, unit_no, is_cluster, is_respondent
    having count(*) > 1
),

profile_changes_{{ no }} as (
    select
        period,
        period_start,
        place_no,
        first_profile as profile_no,
        {{- sums_of_changes(growing) }}
    from units_{{ no }}
    where first_profile = last_profile
    group by period, period_start, place_no, first_profile
),

moving_{{ no }} as (
    select
        dated.period,
        dated.period_start,
        dated.place_no,
        segments_of_profile.segment_no,
        dated.unit_no,
        dated.is_cluster,
        dated.is_respondent,
        {{- sums_of_unit('dated.', growing) }}
    from units_{{ no }} as units
    inner join dated_{{ no }} as dated
        on
            units.period = dated.period
            and units.period_start = dated.period_start
            and units.place_no = dated.place_no
            and units.unit_no = dated.unit_no
            and units.is_cluster = dated.is_cluster
            and units.is_respondent = dated.is_respondent
    inner join segments_of_profile
        on dated.profile_no = segments_of_profile.profile_no
    where units.first_profile <> units.last_profile
    group by
        dated.period, dated.period_start, dated.place_no, segments_of_profile.segment_no,
        dated.unit_no, dated.is_cluster, dated.is_respondent
    having count(*) > 1
),
{%- endfor %}

parts_of_changes as (
    {%- for group in groups %}
    select
        sums.period,
        sums.period_start,
        sums.place_no,
        segments_of_profile.segment_no,
        sums.cluster_count,
        sums.respondent_count,
        sums.square_sum,
        sums.cross_sum,
        sums.weight_square_sum
    from profile_changes_{{ loop.index }} as sums
    inner join segments_of_profile
        on sums.profile_no = segments_of_profile.profile_no
    union all
    select
        period,
        period_start,
        place_no,
        segment_no,
        {{- sums_of_changes(growing) }}
    from moving_{{ loop.index }}
    group by period, period_start, place_no, segment_no
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

changes as (
    select
        period,
        period_start,
        place_no,
        segment_no,
        cast(sum(cluster_count) as bigint) as cluster_count,
        cast(sum(respondent_count) as bigint) as respondent_count,
        sum(square_sum) as square_sum,
        sum(cross_sum) as cross_sum,
        sum(weight_square_sum) as weight_square_sum
    from parts_of_changes
    group by period, period_start, place_no, segment_no
)
{%- endmacro %}
