-- One row per answer to a question that asks for consent (`contact_consent`), and whether it says yes, no or neither.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}

{#- Written here, not where it is used, so that dbt sees what it reads in a full build too. -#}
{%- set touched = touched_responses() %}

with {% if is_incremental() -%}
touched as (
    {{ touched }}
),

{% endif -%}
asked as (
    select * from {{ ref('int_answers_judged') }}
    where
        metric = 'contact_consent'
        {%- if is_incremental() %}
        and response_key in (select response_key from touched)
        {%- endif %}
)

select
    asked.answer_key,
    asked.response_key,
    responses.customer_id,
    responses.submitted_at,
    {{ agrees('asked.value_text') }} as is_given,
    greatest(asked.load_id, responses.load_id) as load_id
from asked
inner join {{ ref('responses') }} as responses
    on asked.response_key = responses.response_key
