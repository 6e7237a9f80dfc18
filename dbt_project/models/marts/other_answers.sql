-- One row per answer (and choice) to any other question; those that hold contact details are in private.contacts.
{{ config(materialized='view') }}

select
    answer_key,
    response_key,
    question_ref,
    question_text,
    value_text,
    value_number,
    choice_id,
    load_id
from {{ ref('int_answers_judged') }}
where metric in ('none', 'contact_consent') and not holds_address
