-- One row per record, response or answer that was set aside, with the reason; payloads stay in `raw`.

select
    source_name,
    survey_id,
    response_id,
    question_ref,
    level,
    reason,
    seen_at,
    record_key
from {{ ref('stg_raw__rejects') }}
union all
select
    source_name,
    survey_id,
    response_id,
    cast(null as {{ dbt.type_string() }}) as question_ref,
    'response' as level,
    quarantine_reason as reason,
    fetched_at as seen_at,
    response_key as record_key
from {{ ref('stg_raw__responses') }}
where quarantine_reason is not null
union all
select
    judged.source_name,
    judged.survey_id,
    judged.response_id,
    judged.question_ref,
    'answer' as level,
    judged.quarantine_reason as reason,
    responses.fetched_at as seen_at,
    judged.answer_key as record_key
from {{ ref('int_answers_judged') }} as judged
inner join {{ ref('stg_raw__responses') }} as responses
    on judged.response_key = responses.response_key
where judged.quarantine_reason is not null
