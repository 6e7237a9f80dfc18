-- One row per customer, journey, touchpoint (`all` in either: pooled) and metric: the newest answer of the customer
-- there, given before leaving. Of answers given at one moment the worst counts.
{{ config(tags=['daily']) }}

with scores as (
    select
        answers.answer_key,
        answers.response_key,
        answers.journey_id,
        answers.touchpoint_id,
        answers.metric,
        answers.score_class,
        answers.submitted_at,
        responses.customer_id,
        coalesce('a:' || responses.account_id, 'c:' || responses.customer_id) as cluster_key,
        {{ position('answers.value', 'answers.scale_min', 'answers.scale_max') }} as position
    from {{ ref('int_answers_judged') }} as answers
    inner join {{ ref('responses') }} as responses
        on answers.response_key = responses.response_key
    left join {{ ref('int_customer_versions') }} as customers
        on responses.customer_id = customers.customer_id and customers.is_current
    where
        answers.quarantine_reason is null
        and answers.asks_for = 'perception'
        and answers.score_class is not null
        and responses.customer_id is not null
        and (customers.left_at is null or answers.submitted_at < customers.left_at)
),

placed as (
    select * from scores
    union all
    select
        answer_key, response_key, journey_id, 'all' as touchpoint_id, metric, score_class, submitted_at, customer_id,
        cluster_key, position
    from scores
    union all
    select
        answer_key, response_key, 'all' as journey_id, 'all' as touchpoint_id, metric, score_class, submitted_at,
        customer_id, cluster_key, position
    from scores
),

ordered as (
    select
        *,
        row_number() over (
            partition by customer_id, journey_id, touchpoint_id, metric
            order by submitted_at desc nulls last, position asc nulls last, answer_key asc nulls last
        ) as newest_first
    from placed
)

select
    customer_id,
    journey_id,
    touchpoint_id,
    metric,
    score_class,
    response_key,
    cluster_key,
    submitted_at
from ordered
where newest_first = 1
