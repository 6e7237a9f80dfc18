-- One row per version of a SurveyMonkey response and property: custom variables, the custom value of its link, its
-- collector, and what is known of the contact it was sent to.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'surveymonkey' and not is_deleted
),

contacts as (
    select
        response_key,
        load_id,
        sequence,
        name,
        {{ json_text('value', 'value') }} as value
    from {{ json_members('versions', json_part('payload', 'metadata.contact')) }}
),

-- The lower, the more it says: a variable was set for this very sitting.
told as (
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        1 as preference,
        false as is_contact
    from {{ json_members('versions', json_part('payload', 'custom_variables')) }}
    union all
    select
        response_key,
        load_id,
        sequence,
        name,
        value,
        2 as preference,
        true as is_contact
    from contacts
    {%- for member, name in [('email_address', 'email'), ('first_name', 'first_name'), ('last_name', 'last_name')] %}
    union all
    select
        response_key,
        load_id,
        sequence,
        '{{ name }}' as name,
        {{ json_text('payload', member) }} as value,
        3 as preference,
        true as is_contact
    from versions
    {%- endfor %}
    {%- for member in ['custom_value', 'collector_id'] %}
    union all
    select
        response_key,
        load_id,
        sequence,
        '{{ member }}' as name,
        {{ json_text('payload', member) }} as value,
        4 as preference,
        false as is_contact
    from versions
    {%- endfor %}
),

ranked as (
    select
        told.*,
        row_number() over (
            partition by response_key, load_id, sequence, name order by preference asc nulls last
        ) as best_first
    from told
    where {{ filled('value') }} is not null and name is not null
)

select
    response_key,
    load_id,
    sequence,
    name,
    {{ filled('value') }} as value,
    is_contact or {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from ranked
where best_first = 1
