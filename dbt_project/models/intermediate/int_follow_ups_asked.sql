-- One row per response and touchpoint for which an `assign` rule is met by an answer, or by a comment, given there:
-- the first such rule by position, and what met it.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

-- depends_on: {{ ref('stg_raw__responses') }}
-- depends_on: {{ ref('responses') }}

with ranked as (
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
        and {{ is_newer('load_id') }}
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
