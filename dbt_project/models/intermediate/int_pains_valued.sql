-- One row per pain point of the last 90 full days: what the customers behind it are worth a year, and of how many that
-- is not known. A value in another currency than the company's is not known.
{{ config(tags=['daily']) }}

with behind as (
    select distinct
        pain_point_id,
        respondent_key,
        customer_id
    from {{ ref('int_pains_raised') }}
    where time_window = 'now' and is_pain
)

select
    behind.pain_point_id,
    cast(sum({{ exactly('followed.annual_value') }}) as double) as value_at_risk,
    cast(count(case when followed.annual_value is null then 1 end) as bigint) as unknown_value_count
from behind
left join {{ ref('int_customers_followed') }} as followed
    on behind.customer_id = followed.customer_id
group by behind.pain_point_id
