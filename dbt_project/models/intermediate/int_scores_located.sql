-- One row per score that counts: a perception answer on its scale, with its local day, weight and cluster.
-- Keys begin with what they are (a: account, c: customer, r: response), so that no two kinds meet. Kept as a table,
-- because a dozen models read it, and two long joins each time would cost more than its place.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

-- depends_on: {{ ref('stg_raw__responses') }}

select
    answers.answer_key,
    answers.response_key,
    profiled.profile,
    answers.submitted_at,
    cast({{ local_time('answers.submitted_at', 'settings.timezone') }} as date) as local_date,
    answers.journey_id,
    answers.touchpoint_id,
    answers.survey_kind,
    answers.metric,
    cast(answers.value as double) as value,
    cast(answers.scale_min as double) as scale_min,
    cast(answers.scale_max as double) as scale_max,
    case when answers.score_class in ('promoter', 'top') then 1e0 else 0e0 end as good,
    case when answers.score_class in ('detractor', 'bottom') then 1e0 else 0e0 end as bad,
    {{ score_code('answers.score_class') }} as code,
    coalesce(responses.weight, 1e0) as weight,
    coalesce(
        'a:' || responses.account_id, 'c:' || responses.customer_id, 'r:' || answers.response_key
    ) as cluster_key,
    coalesce('c:' || responses.customer_id, 'r:' || answers.response_key) as respondent_key,
    greatest(answers.load_id, responses.load_id) as load_id
from {{ ref('int_answers_judged') }} as answers
inner join {{ ref('responses') }} as responses
    on answers.response_key = responses.response_key
inner join {{ ref('int_responses_profiled') }} as profiled
    on answers.response_key = profiled.response_key
cross join {{ source('computed', 'settings') }} as settings
where
    answers.quarantine_reason is null
    and answers.asks_for = 'perception'
    and answers.metric in ('nps', 'csat', 'ces', 'enps', 'rating')
    and answers.score_class is not null
    {%- if is_incremental() %}
    -- Said of each table that is joined: none of them is read as a whole.
    and {{ is_newer('answers.load_id') }}
    and {{ is_newer('responses.load_id') }}
    and {{ is_newer('profiled.load_id') }}
    {%- endif %}
