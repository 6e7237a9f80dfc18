-- One row per version of a Typeform response and hidden field or variable, contact details included.

with versions as (
    {{ told_versions('typeform') }}
),

variables as (
    select
        response_key,
        load_id,
        sequence,
        {{ json_text('item', 'key') }} as name,
        coalesce({{ json_text('item', 'text') }}, {{ json_text('item', 'number') }}) as value
    from {{ json_items('versions', json_part('payload', 'variables')) }}
),

hidden as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value
    from {{ json_members('versions', json_part('payload', 'hidden')) }}
),

-- A hidden field wins over a variable of its name: it came from outside, about this very person.
kept as (
    select * from hidden
    union all
    select variables.*
    from variables
    left join hidden
        on
            variables.response_key = hidden.response_key
            and variables.load_id = hidden.load_id
            and variables.sequence = hidden.sequence
            and variables.name = hidden.name
    where hidden.name is null
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where {{ filled('value') }} is not null and name is not null
