{#- A priority in words: what its columns say, in sentences that a manager reads. Each part is a text, never null. -#}

{#- `1 customer`, `12 customers`. -#}
{% macro counted_things(number, thing) -%}
    {{ grouped_number(number) }} || case when {{ number }} = 1 then ' {{ thing }}' else ' {{ thing }}s' end
{%- endmacro %}


{#- A share in percent, one decimal below ten: `4.3 %`, `17 %`; 99 is the most that is said of less than all. -#}
{% macro percent(share) -%}
    case
        when round(100e0 * {{ share }}, 1) < 10 then cast(cast(round(100e0 * {{ share }}, 1) as decimal(9, 1)) as {{ dbt.type_string() }})
        when {{ share }} < 1e0 then cast(least(99, cast(round(100e0 * {{ share }}, 0) as bigint)) as {{ dbt.type_string() }})
        else '100'
    end || ' %'
{%- endmacro %}


{#- A number with at most one decimal: `3`, `0.5`. -#}
{% macro short_number(number) -%}
    replace(cast(cast(round({{ number }}, 1) as decimal(18, 1)) as {{ dbt.type_string() }}), '.0', '')
{%- endmacro %}


{#- A score as people say it: points of nps and enps, else the share of good answers. -#}
{% macro score_words(metric, score) -%}
    case
        when {{ is_points(metric) }}
            then upper({{ metric }}) || ' ' || cast(cast(round({{ score }}, 0) as bigint) as {{ dbt.type_string() }})
        when {{ score }} = 0e0 then 'no good answers'
        else {{ percent(score) }} || ' good answers'
    end
{%- endmacro %}


{#- Who and how many. -#}
{% macro who_words() -%}
    {{ counted_things('customer_count', 'customer') }}
    || case when theme_id = 'none' then ' answered badly ' else ' complained of “' || theme_name || '” ' end
    || case
        when touchpoint_name is not null then 'at “' || touchpoint_name || '”'
        when journey_name is not null then 'in “' || journey_name || '” as a whole'
        else 'about the company as a whole'
    end
    || case when theme_id = 'none' then ' and named no theme' else '' end
    || ': ' || {{ percent('reach') }} || ' of the ' || {{ grouped_number('customers_heard') }}
    || ' heard in 90 days (95 % interval ' || {{ percent('reach_low') }} || ' to ' || {{ percent('reach_high') }} || ')'
{%- endmacro %}


{#- Where it goes. -#}
{% macro trend_words() -%}
    case trend
        when 'rising'
            then ', rising: ' || {{ percent('rate') }} || ' of what is said there, ' || {{ percent('rate_before') }} || ' before.'
        when 'falling'
            then ', falling: ' || {{ percent('rate') }} || ' of what is said there, ' || {{ percent('rate_before') }} || ' before.'
        when 'steady' then ', with no clear change.'
        else ', too few to tell a trend.'
    end
{%- endmacro %}


{#- What it does to the score, and how sure that is; of bad answers without a theme that is known beforehand. -#}
{% macro impact_words() -%}
    case
        when theme_id = 'none' then ''
        when score_with is null or score_without is null or confidence is null
            then ' What it does to a score cannot be told.'
        else
            ' Those who mention it give ' || {{ score_words('impact_metric', 'score_with') }}
            || ', the others ' || {{ score_words('impact_metric', 'score_without') }}
            || case
                when confidence > 0.99e0 then ' (over 99 % sure).'
                when confidence < 0.5e0 then ' (may well be chance).'
                else ' (' || {{ percent('confidence') }} || ' sure).'
            end
    end
{%- endmacro %}


{#- What those behind it are worth, the unknown apart. -#}
{% macro value_words() -%}
    case
        when value_at_risk is null then ' What they are worth is not known.'
        when unknown_value_count > 0
            then
                ' They are worth ' || currency || ' ' || {{ grouped_number('value_at_risk') }} || ' a year, without '
                || {{ grouped_number('unknown_value_count') }} || ' whose worth is not known.'
        else ' They are worth ' || currency || ' ' || {{ grouped_number('value_at_risk') }} || ' a year.'
    end
{%- endmacro %}


{#- Which goal it holds back. -#}
{% macro goal_words() -%}
    case when goal_need = 1e0 then ' The goal ' || goal_id || ' is short of its target.' else '' end
{%- endmacro %}


{#- Why it comes about, as far as somebody found out. -#}
{% macro cause_words() -%}
    case
        when root_cause_source = 'assessed' then ' Cause, as assessed: “' || root_cause_name || '”'
        when root_cause_source = 'named'
            then
                ' Owners name “' || root_cause_name || '” in '
                || {{ grouped_number('root_cause_share * root_cause_named') }}
                || ' of ' || {{ counted_things('root_cause_named', 'follow-up') }}
        when root_cause_named > 0 then ' Owners do not agree on the cause'
        else ' Nobody has named a cause'
    end
    || case
        when kind = 'structural' then ' (structural).'
        when kind_source = 'default' then '.'
        else ' (quick fix).'
    end
{%- endmacro %}


{#- What it takes, and whether it may pay. -#}
{% macro effort_words() -%}
    ' ' || {{ short_number('effort_person_months') }}
    || case when effort_person_months = 1e0 then ' person month' else ' person months' end
    || case when effort_source = 'assessed' then ' as assessed' else ' assumed, as nobody has assessed it' end
    || case
        when cost is null then ''
        else ', ' || currency || ' ' || {{ grouped_number('cost') }}
    end
    || case
        when benefit_per_cost is null then '.'
        else ': ' || currency || ' ' || {{ short_number('benefit_per_cost') }} || ' a year at stake for each ' || currency || ' spent.'
    end
{%- endmacro %}


{#- What is in hand, and what was decided. -#}
{% macro hand_words() -%}
    case
        when is_taken
            then ' In hand: taken as a quick fix' || coalesce(' by ' || quick_fix_team_name, '') || '.'
        when is_already_in_hand
            then
                ' In hand: “' || initiative_name || '” (' || replace(initiative_status, '_', ' ')
                || coalesce(', due ' || cast(initiative_due_on as {{ dbt.type_string() }}), '') || ').'
        when initiative_status = 'proposed' then ' Proposed, not begun: “' || initiative_name || '”.'
        when initiative_status = 'verified' then ' “' || initiative_name || '” is done, and this is still there.'
        else ' Nobody is at it.'
    end
    || case decision
        when 'do' then ' Decided to do it'
        when 'defer' then ' Decided to put it off'
        when 'not_worth_it' then ' Decided that it is not worth it'
        else ''
    end
    || case
        when decision is null then ''
        when decision_reason is null then ', without a reason.'
        else ': ' || decision_reason || case when decision_reason like '%.' then '' else '.' end
    end
{%- endmacro %}


{#- The whole: who, how many, how sure, where it goes, what it costs, why, what it takes, what is in hand, what was decided. -#}
{% macro priority_reason() -%}
    {{ who_words() }}
    || {{ trend_words() }}
    || {{ impact_words() }}
    || {{ value_words() }}
    || {{ goal_words() }}
    || {{ cause_words() }}
    || {{ effort_words() }}
    || {{ hand_words() }}
{%- endmacro %}


{#- A key battle in words. -#}
{% macro battle_reason() -%}
    {{ counted_things('customer_count', 'customer') }}
    || ' behind ' || {{ counted_things('pain_point_count', 'pain point') }} || ' with this cause.'
    || {{ value_words() }}
    || {{ effort_words() }}
    || case
        when in_hand_count = 0 then ' Nobody is at any of it.'
        when in_hand_count = pain_point_count then ' All of it is in hand.'
        else ' ' || cast(in_hand_count as {{ dbt.type_string() }}) || ' of these in hand.'
    end
{%- endmacro %}
