-- One row per follow-up that the ledger holds and whose answer had a score: that score, and the next one that the same
-- customer gave at the same touchpoint for the same metric.

with ranked as (
    select
        held.follow_up_key,
        scores.response_key,
        responses.customer_id,
        scores.touchpoint_id,
        scores.metric,
        scores.value,
        scores.submitted_at,
        row_number() over (
            partition by held.follow_up_key
            order by
                case when scores.score_class = held.score_class then 0 else 1 end asc nulls last,
                case scores.metric when 'nps' then 1 when 'csat' then 2 when 'ces' then 3 else 4 end asc nulls last,
                scores.question_ref asc nulls last,
                scores.answer_key asc nulls last
        ) as best_first
    from {{ ref('int_assignments_held') }} as held
    inner join {{ ref('answers') }} as scores
        on held.response_key = scores.response_key and held.touchpoint_id = scores.touchpoint_id
    inner join {{ ref('responses') }} as responses
        on scores.response_key = responses.response_key
    where scores.asks_for = 'perception'
),

before as (
    select * from ranked
    where best_first = 1
),

-- All that these customers answered, and nothing of the others.
answered as (
    select
        response_key,
        customer_id
    from {{ ref('responses') }}
    where customer_id in (select before.customer_id from before)
),

next_scores as (
    select
        before.follow_up_key,
        scores.value,
        row_number() over (
            partition by before.follow_up_key
            order by
                scores.submitted_at asc nulls last, scores.question_ref asc nulls last, scores.answer_key asc nulls last
        ) as soonest_first
    from before
    inner join answered
        on before.customer_id = answered.customer_id and before.response_key <> answered.response_key
    inner join {{ ref('int_answers_judged') }} as scores
        on
            answered.response_key = scores.response_key
            and before.touchpoint_id = scores.touchpoint_id
            and before.metric = scores.metric
            and before.submitted_at < scores.submitted_at
    -- Only scores have a class. Said so, engines read this table for these customers, and not once for both.
    where scores.asks_for = 'perception' and scores.quarantine_reason is null and scores.score_class is not null
)

select
    before.follow_up_key,
    before.metric,
    before.value as score_before,
    next_scores.value as score_after
from before
left join next_scores
    on before.follow_up_key = next_scores.follow_up_key and next_scores.soonest_first = 1
