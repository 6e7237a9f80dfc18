-- One row per response, touchpoint and `inform` rule that is met there: what the digest of the rule's team tells. What
-- employees say is left out: a line about one of them would name the person.
{{ config(materialized='view') }}

select
    {{ key_of(['response_key', 'touchpoint_id', 'rule_id']) }} as news_key,
    team_id,
    rule_id,
    response_key,
    follow_up_key,
    customer_id,
    journey_id,
    touchpoint_id,
    metric,
    value,
    scale_max,
    score_class,
    submitted_at,
    first_collected_at,
    reason
from {{ ref('int_rules_met') }}
where action = 'inform' and audience <> 'employee' and team_id is not null
