-- One row per version of a LimeSurvey response and hidden question, equation, or fact about a participant.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'limesurvey' and not is_deleted
),

kept as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        false as is_of_participant
    from {{ json_members('versions', json_part('payload', 'properties')) }}
    union all
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        true as is_of_participant
    from {{ json_members('versions', json_part('payload', 'contacts')) }}
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    is_of_participant or {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where {{ filled('value') }} is not null and name is not null
