-- One row per response that stands: the newest version, neither deleted nor set aside. What the response says of
-- itself wins over what was known of the customer when it was submitted.
{{ config(materialized='incremental', incremental_strategy='replace_touched', meta={'touched_by': 'inputs'}) }}

{#- Written here, not where it is used, so that dbt sees what it reads in a full build too. -#}
{%- set touched = responses_with_newer_inputs() %}

with {% if is_incremental() -%}
touched as (
    {{ touched }}
),

{% endif -%}
standing as (
    select * from {{ ref('stg_raw__responses') }}
    where
        quarantine_reason is null and not is_deleted
        {%- if is_incremental() %}
        and response_key in (select response_key from touched)
        {%- endif %}
),

own as (
    select
        properties.response_key,
        {%- for name in ['segment', 'persona', 'channel'] %}
        max(case when lower(properties.name) = '{{ name }}' then properties.value end) as {{ name }},
        {%- endfor %}
        max(
            case
                when lower(properties.name) = 'audience' and {{ is_audience('properties.value') }}
                    then lower(properties.value)
            end
        ) as audience,
        max(
            case
                when lower(properties.name) = 'language' and {{ is_language_tag('properties.value') }}
                    then {{ language_tag('properties.value') }}
            end
        ) as language
    from {{ ref('response_properties') }} as properties
    where
        lower(properties.name) in ('segment', 'persona', 'channel', 'audience', 'language')
        {%- if is_incremental() %}
        and properties.response_key in (select response_key from touched)
        {%- endif %}
    group by properties.response_key
)

select
    standing.response_key,
    standing.source_name,
    standing.survey_id,
    standing.response_id,
    standing.submitted_at,
    standing.customer_id,
    coalesce(standing.account_id, customers.account_id) as account_id,
    coalesce(standing.audience, own.audience, customers.audience, surveys.audience, 'customer') as audience,
    coalesce(own.segment, customers.segment) as segment,
    coalesce(own.persona, customers.persona) as persona,
    coalesce(standing.channel, own.channel, surveys.channel) as channel,
    coalesce(standing.language, own.language, definitions.language, customers.language) as language,
    standing.is_complete,
    standing.weight,
    greatest(
        standing.load_id, coalesce(customers.load_id, standing.load_id), coalesce(definitions.load_id, standing.load_id)
    ) as load_id
from standing
left join own
    on standing.response_key = own.response_key
left join {{ ref('stg_raw__definitions') }} as definitions
    on standing.source_name = definitions.source_name and standing.survey_id = definitions.survey_id
left join {{ ref('int_surveys_mapped') }} as surveys
    on standing.source_name = surveys.source_name and standing.survey_id = surveys.survey_id
left join {{ ref('int_customer_versions') }} as customers
    on
        standing.customer_id = customers.customer_id
        and standing.submitted_at >= customers.valid_from
        and standing.submitted_at < customers.valid_to
