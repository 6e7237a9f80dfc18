-- One row per key battle: the different customers behind all its pain points, and what they are worth a year. Who
-- stands behind two of them counts once.
{{ config(tags=['daily']) }}

with behind as (
    select distinct
        battles.battle_id,
        raised.respondent_key,
        raised.customer_id
    from {{ ref('int_battles_joined') }} as battles
    inner join {{ ref('int_pains_raised') }} as raised
        on battles.pain_point_id = raised.pain_point_id
    where raised.time_window = 'now' and raised.is_pain
)

select
    behind.battle_id,
    cast(count(*) as bigint) as customer_count,
    cast(sum({{ exactly('followed.annual_value') }}) as double) as value_at_risk,
    cast(count(case when followed.annual_value is null then 1 end) as bigint) as unknown_value_count
from behind
left join {{ ref('int_customers_followed') }} as followed
    on behind.customer_id = followed.customer_id
group by behind.battle_id
