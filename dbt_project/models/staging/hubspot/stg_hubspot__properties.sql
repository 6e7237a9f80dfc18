-- One row per version of a HubSpot submission and property that HubSpot keeps of it, contact details included.
{%- set kept = [
    'hs_survey_name', 'hs_survey_type', 'hs_survey_channel', 'hs_response_group', 'hs_sentiment', 'hs_submission_name',
    'hs_submission_url', 'hs_form_guid', 'hs_engagement_id', 'hs_knowledge_article_id', 'hs_contact_email_rollup'
] %}

with versions as (
    select
        response_key,
        load_id,
        sequence,
        {{ json_part('payload', 'properties') }} as told
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'hubspot' and not is_deleted
)

select
    response_key,
    load_id,
    sequence,
    case name when 'hs_contact_email_rollup' then 'email' else name end as name,
    {{ filled('value') }} as value,
    name = 'hs_contact_email_rollup' or {{ holds_address('value') }} as is_contact
from {{ json_members('versions', 'told') }}
where
    {{ filled('value') }} is not null
    and name in (
        {%- for name in kept %}
        '{{ name }}'{{ ',' if not loop.last }}
        {%- endfor %}
    )
