-- One row per version of a Formbricks response and hidden field, variable or contact attribute, contact details
-- included. A hidden field wins over a variable of its name, that over what was known of the contact.

with versions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        payload,
        coalesce(
            {{ json_part('payload', 'contactAttributes') }}, {{ json_part('payload', 'personAttributes') }}
        ) as attributes
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'formbricks' and not is_deleted
),

told as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        'hidden' as kind,
        name as field_id,
        value
    from {{ json_members('versions', json_part('payload', 'data')) }}
    union all
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        'variable' as kind,
        name as field_id,
        value
    from {{ json_members('versions', json_part('payload', 'variables')) }}
),

named as (
    select
        told.response_key,
        told.load_id,
        told.sequence,
        told.kind,
        coalesce(fields.name, told.field_id) as name,
        told.value
    from told
    left join {{ ref('stg_formbricks__fields') }} as fields
        on
            told.source_name = fields.source_name
            and told.survey_id = fields.survey_id
            and told.kind = fields.kind
            and told.field_id = fields.field_id
            and {{ counted_at('fields', 'told.load_id') }}
    left join {{ ref('stg_formbricks__elements') }} as elements
        on
            told.kind = 'hidden'
            and told.source_name = elements.source_name
            and told.survey_id = elements.survey_id
            and told.field_id = elements.element_id
            and {{ counted_at('elements', 'told.load_id') }}
    where told.kind = 'variable' or (fields.field_id is not null and elements.element_id is null)
    union all
    select
        response_key,
        load_id,
        sequence,
        'attribute' as kind,
        name,
        value
    from {{ json_members('versions', 'attributes') }}
),

kept as (
    select
        response_key,
        load_id,
        sequence,
        name,
        {{ filled('value') }} as value,
        row_number() over (
            partition by response_key, load_id, sequence, name
            order by
                case kind when 'hidden' then 0 when 'variable' then 1 else 2 end asc nulls last,
                value asc nulls last
        ) as strongest_first
    from named
    where {{ filled('value') }} is not null and name is not null
)

select
    response_key,
    load_id,
    sequence,
    name,
    value,
    {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where strongest_first = 1
