-- One row per version of a Mopinion feedback and hidden or custom field; its tags are one.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'mopinion' and not is_deleted
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from {{ json_members('versions', json_part('payload', 'properties')) }}
where {{ filled('value') }} is not null and name is not null
