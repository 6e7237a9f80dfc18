-- One row per touchpoint whose importance was asked: how important people say it is.
{{ config(tags=['daily']) }}

select
    answers.touchpoint_id,
    count(*) as answer_count,
    sum(coalesce(responses.weight, 1e0) * {{ position('answers.value', 'answers.scale_min', 'answers.scale_max') }})
    / nullif(sum(coalesce(responses.weight, 1e0)), 0e0) as importance
from {{ ref('int_answers_judged') }} as answers
inner join {{ ref('responses') }} as responses
    on answers.response_key = responses.response_key
where
    answers.quarantine_reason is null
    and answers.asks_for = 'importance'
    and answers.score_class is not null
    and answers.scale_min <> answers.scale_max
group by answers.touchpoint_id
