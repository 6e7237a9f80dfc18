-- One row per version of a form and question in it, the questions within groups included.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'typeform'
),

outer_fields as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as field,
        cast(null as {{ dbt.type_string() }}) as group_type
    from {{ json_items('source', json_part('payload', 'fields')) }}
),

inner_fields as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as field,
        {{ json_text('field', 'type') }} as group_type
    from {{ json_items('outer_fields', json_part('field', 'properties.fields')) }}
),

innermost_fields as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as field,
        {{ json_text('field', 'type') }} as group_type
    from {{ json_items('inner_fields', json_part('field', 'properties.fields')) }}
),

fields as (
    select * from outer_fields
    union all
    select * from inner_fields
    union all
    select * from innermost_fields
),

described as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        group_type,
        coalesce({{ json_text('field', 'ref') }}, {{ json_text('field', 'id') }}) as question_ref,
        {{ json_text('field', 'title') }} as question_text,
        {{ json_text('field', 'type') }} as field_type,
        try_cast({{ json_text('field', 'properties.steps') }} as double) as steps,
        coalesce({{ json_text('field', 'properties.start_at_one') }} = 'true', false) as starts_at_one
    from fields
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    question_text,
    -- What stands within contact details or an address belongs to them, whatever its own type says.
    case
        when group_type in ('contact_info', 'address') and field_type not in ('email', 'phone_number')
            then 'contact_name'
        else {{ typeform_metric('field_type') }}
    end as tool_metric,
    case
        when field_type = 'nps' then 0e0
        when field_type = 'rating' then 1e0
        when field_type = 'opinion_scale' and starts_at_one then 1e0
        when field_type = 'opinion_scale' then 0e0
    end as tool_scale_min,
    case
        when field_type = 'nps' then 10e0
        when field_type = 'rating' then steps
        when field_type = 'opinion_scale' and starts_at_one then steps
        when field_type = 'opinion_scale' then steps - 1e0
    end as tool_scale_max
from described
where question_ref is not null
