-- One row per response and touchpoint for which an `assign` rule is met by an answer, or by a comment, given there:
-- the first such rule by position, and what met it.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

{#- Written here, not where it is used, so that dbt sees what it reads in a full build too. -#}
{%- set touched = touched_responses() %}

with {% if is_incremental() -%}
touched as (
    {{ touched }}
),

{% endif -%}
ranked as (
    select
        *,
        row_number() over (
            partition by response_key, touchpoint_id
            order by rule_position asc nulls last, rule_id asc nulls last
        ) as first_met
    from {{ ref('int_rules_met') }}
    where
        action = 'assign'
        {%- if is_incremental() %}
        and response_key in (select response_key from touched)
        {%- endif %}
)

select
    follow_up_key,
    response_key,
    source_name,
    survey_id,
    response_id,
    customer_id,
    journey_id,
    touchpoint_id,
    kind,
    rule_id,
    team_id,
    wanted_owner_id,
    clock,
    respond_within_hours,
    segment,
    metric,
    value,
    score_class,
    submitted_at,
    first_collected_at,
    reason,
    load_id
from ranked
where first_met = 1
