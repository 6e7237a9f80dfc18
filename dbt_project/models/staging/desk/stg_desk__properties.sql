-- One row per version of what a customer told a colleague and detail kept with it, contact details included.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'desk' and not is_deleted
),

kept as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        false as is_contact_column
    from {{ json_members('versions', json_part('payload', 'properties')) }}
    union all
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        true as is_contact_column
    from {{ json_members('versions', json_part('payload', 'contacts')) }}
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    is_contact_column or {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where {{ filled('value') }} is not null
