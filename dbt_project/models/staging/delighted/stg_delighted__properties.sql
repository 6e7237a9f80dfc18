-- One row per version of a saved Delighted response and fact it was sent with, contact details included.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'delighted' and not is_deleted
),

kept as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        false as is_of_person
    from {{ json_members('versions', json_part('payload', 'properties')) }}
    union all
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        true as is_of_person
    from {{ json_members('versions', json_part('payload', 'contacts')) }}
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    is_of_person or {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where {{ filled('value') }} is not null and name is not null
