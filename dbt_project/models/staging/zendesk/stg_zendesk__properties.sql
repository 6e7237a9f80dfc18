-- One row per version of a Zendesk response and property: its ticket, and the group and agent it was assigned to.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'zendesk' and not is_deleted
),

subjects as (
    select
        response_key,
        load_id,
        sequence,
        position,
        {{ json_text('item', 'id') }} as ticket_id,
        row_number() over (
            partition by response_key, load_id, sequence order by position asc nulls last
        ) as first_first
    from {{ json_items('versions', json_part('payload', 'subjects')) }}
    where {{ json_text('item', 'type') }} = 'ticket'
),

kept as (
    {%- for member in ['ticket_id', 'group_id', 'assignee_id'] %}
    select
        response_key,
        load_id,
        sequence,
        '{{ member }}' as name,
        {{ json_text('payload', member) }} as value
    from versions
    union all
    {%- endfor %}
    select
        response_key,
        load_id,
        sequence,
        'ticket_id' as name,
        ticket_id as value
    from subjects
    where first_first = 1
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    false as is_contact
from kept
where {{ filled('value') }} is not null
