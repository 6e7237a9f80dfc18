-- One row per version of a HubSpot submission and answer: its score, its comment, and each property that the account
-- added itself. What the score was asked for, the name and type of the survey tell.

with versions as (
    select
        response_key,
        source_name,
        load_id,
        sequence,
        {{ json_text('payload', 'properties.hs_survey_type') }} as survey_type,
        {{ json_text('payload', 'properties.hs_survey_name') }} as survey_name,
        {{ json_part('payload', 'properties') }} as told
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'hubspot' and not is_deleted
),

given as (
    select
        response_key,
        source_name,
        load_id,
        sequence,
        survey_type,
        survey_name,
        name,
        {{ filled('value') }} as value_text
    from {{ json_members('versions', 'told') }}
    where name in ('hs_value', 'hs_content') or not {{ hubspot_keeps('name') }}
),

described as (
    select
        given.*,
        fields.label,
        fields.value_type,
        fields.field_type,
        row_number() over (
            partition by given.response_key, given.load_id, given.sequence order by given.name asc nulls last
        ) as place
    from given
    left join {{ ref('stg_hubspot__fields') }} as fields
        on
            given.source_name = fields.source_name
            and given.name = fields.name
            and {{ counted_at('fields', 'given.load_id') }}
    where given.value_text is not null
)

select
    response_key,
    load_id,
    sequence,
    name as question_ref,
    case
        when name = 'hs_value' then coalesce(survey_name || coalesce(' (' || survey_type || ')', ''), label, name)
        else coalesce(label, name)
    end as question_text,
    cast(
        case name when 'hs_value' then 1000 when 'hs_content' then 2000 else 3000 + place end as bigint
    ) as position,
    value_text,
    case when value_type in ('enumeration', 'bool') then value_text end as choice_id,
    {{ hubspot_metric('name', 'survey_type', 'field_type') }} as tool_metric,
    case when name = 'hs_value' and upper(survey_type) = 'NPS' then 0e0 end as tool_scale_min,
    case when name = 'hs_value' and upper(survey_type) = 'NPS' then 10e0 end as tool_scale_max
from described
