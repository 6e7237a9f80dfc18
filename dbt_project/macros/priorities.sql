{#-
    What to work on first, on three levels. What is not known counts as the middle of its range, never as zero and
    never as certain. Sources: the strategic level adds up like the cost of delay in WSJF, the problem level and the
    effort are those of RICE (reach x impact x confidence / effort, at least half a person month).
-#}

{#- The cause that owners name: only where more than half of those who named any agree. -#}
{% macro agreed_cause(root_cause_id, root_cause_share) -%}
    case when {{ root_cause_share }} > 0.5e0 then {{ root_cause_id }} end
{%- endmacro %}


{#- Does a row of a programme table speak of a pain point? Empty and `*` mean any touchpoint or theme. -#}
{% macro covers(told, pain) -%}
    ({{ is_any(told ~ '.touchpoint_id') }} or {{ told }}.touchpoint_id = {{ pain }}.touchpoint_id)
    and ({{ is_any(told ~ '.theme_id') }} or {{ told }}.theme_id = {{ pain }}.theme_id)
{%- endmacro %}


{#- How exactly such a row speaks: 2 names touchpoint and theme, 1 one of them, 0 neither. -#}
{% macro exactness(told) -%}
    case when {{ is_any(told ~ '.touchpoint_id') }} then 0 else 1 end
    + case when {{ is_any(told ~ '.theme_id') }} then 0 else 1 end
{%- endmacro %}


{#- A number on an open scale around 1 brought to 0..1: 1 gives a half, twice as much two thirds; unknown a half. -#}
{% macro around_half(ratio) -%}
    coalesce({{ ratio }} / nullif(1e0 + {{ ratio }}, 0e0), 0.5e0)
{%- endmacro %}


{#- How much a goal needs this, 0 to 1, out of the goal's verdict and reason; 0 without a goal. -#}
{% macro goal_need(reason) -%}
    case
        when {{ reason }} is null or {{ reason }} = 'surely_reached' then 0e0
        when {{ reason }} in ('surely_below', 'surely_below_yet') then 1e0
        else 0.5e0
    end
{%- endmacro %}


{#- 0 to 100: the weight of the journey, the need of a goal and the worth of those behind it, in equal parts. -#}
{% macro strategic_score(strategic_weight, goal_need, relative_value) -%}
    (
        100e0 * (coalesce({{ strategic_weight }}, 0.5e0) + {{ goal_need }} + {{ around_half(relative_value) }})
        / 3e0
    )
{%- endmacro %}


{#- How far those who raise it score below the others, 0 to 1 of the metric's whole range; null: not known. -#}
{% macro pain_impact(metric, score_with, score_without) -%}
    case
        when {{ score_without }} > {{ score_with }}
            then ({{ score_without }} - {{ score_with }}) * case when {{ is_points(metric) }} then 0.005e0 else 1e0 end
        when {{ score_without }} <= {{ score_with }} then 0e0
    end
{%- endmacro %}


{#- What the direction adds or takes: half as much again where it rises, half where it falls. -#}
{% macro trend_factor(trend) -%}
    case {{ trend }} when 'rising' then 1.5e0 when 'falling' then 0.5e0 else 1e0 end
{%- endmacro %}


{#- Of a hundred customers heard, how many does it cost wholly? Reach x impact x confidence, moved by the trend. -#}
{% macro problem_score(reach, impact, confidence, trend) -%}
    (
        100e0 * {{ reach }} * coalesce({{ impact }}, 0.5e0) * coalesce({{ confidence }}, 0.5e0)
        * {{ trend_factor(trend) }}
    )
{%- endmacro %}


{#- Structural: its cause is, or mending it was assessed at more than one person month. Else a team can just do it. -#}
{% macro pain_kind(is_cause_structural, assessed_effort) -%}
    case
        when coalesce({{ is_cause_structural }}, false) or coalesce({{ assessed_effort }} > 1e0, false)
            then 'structural'
        else 'quick_fix'
    end
{%- endmacro %}


{#- Person months where nobody assessed any: more for what is structural, the middle where nothing is known. -#}
{% macro default_effort(kind, kind_source) -%}
    case when {{ kind }} = 'structural' then 6e0 when {{ kind_source }} = 'default' then 3e0 else 1e0 end
{%- endmacro %}


{#- What it may bring by what it costs, 0 to 2: 1 where both are alike or one is not known. -#}
{% macro pay_factor(benefit_per_cost) -%}
    (2e0 * {{ around_half(benefit_per_cost) }})
{%- endmacro %}


{#- Is somebody at it? What is proposed may still be refused; what is verified is done, and pain that stays is new. -#}
{% macro is_in_hand(status) -%}
    coalesce({{ status }} in ('approved', 'in_progress', 'released'), false)
{%- endmacro %}


{#- A second start gains little: a quarter is left for seeing to the first. -#}
{% macro in_hand_factor(is_in_hand) -%}
    case when {{ is_in_hand }} then 0.25e0 else 1e0 end
{%- endmacro %}


{#- What a month of work on it gains: problem x strategic share, by effort, moved by pay and by what is in hand. -#}
{% macro battle_score(strategic_score, problem_score, effort, benefit_per_cost, is_in_hand) -%}
    (
        {{ strategic_score }} / 100e0 * {{ problem_score }} * {{ pay_factor(benefit_per_cost) }}
        * {{ in_hand_factor(is_in_hand) }} / nullif(greatest({{ effort }}, 0.5e0), 0e0)
    )
{%- endmacro %}
