-- One row per customer or response and contact detail: the only place where they are kept outside `raw`.
{{ config(materialized='view') }}

with of_responses as (
    select
        response_key,
        coalesce({{ contact_kind('name') }}, 'email') as kind,
        value
    from {{ ref('int_properties_read') }}
    where is_contact and value is not null
    union all
    select
        answers.response_key,
        case judged.metric
            when 'contact_phone' then 'phone'
            when 'contact_name' then 'name'
            else 'email'
        end as kind,
        answers.value_text as value
    from {{ ref('int_answers_judged') }} as judged
    inner join {{ ref('int_answers_read') }} as answers
        on judged.answer_key = answers.answer_key
    where
        {{ is_contact_metric('judged.metric') }}
        or (judged.metric in ('none', 'contact_consent') and judged.holds_address)
),

of_customers as (
    select
        customers.*,
        row_number() over (
            partition by customer_id
            order by
                fetched_at desc nulls last, load_id desc nulls last, sequence desc nulls last,
                source_name desc nulls last
        ) as newest_first
    from {{ ref('stg_raw__customers') }} as customers
    where customer_id is not null
),

all_contacts as (
    select
        responses.customer_id,
        of_responses.response_key,
        of_responses.kind,
        trim(of_responses.value) as value
    from of_responses
    inner join {{ ref('responses') }} as responses
        on of_responses.response_key = responses.response_key
    {%- for kind in ['email', 'phone', 'name'] %}
    union all
    select
        customer_id,
        cast(null as {{ dbt.type_string() }}) as response_key,
        '{{ kind }}' as kind,
        {{ kind }} as value
    from of_customers
    where newest_first = 1 and {{ kind }} is not null
    {%- endfor %}
)

select distinct
    customer_id,
    response_key,
    kind,
    value
from all_contacts
where value <> ''
