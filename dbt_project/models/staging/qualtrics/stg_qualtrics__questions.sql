-- One row per version of a Qualtrics survey and question in it; of a matrix one row per row of it. The response schema
-- names them; where it could not be had, the definition does.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'qualtrics'
),

fields as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        name as field,
        value as told
    from {{ json_members('source', json_part('payload', 'schema.properties.values.properties')) }}
    where {{ is_qualtrics_answer('name') }}
),

scales as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        field,
        min({{ number_of(json_text('item', 'const')) }}) as scale_min,
        max({{ number_of(json_text('item', 'const')) }}) as scale_max
    from {{ json_items('fields', json_part('told', 'oneOf')) }}
    group by source_name, survey_id, load_id, sequence, field
),

described as (
    select
        fields.source_name,
        fields.survey_id,
        fields.load_id,
        fields.sequence,
        {{ qualtrics_ref('fields.field', 'elements.question_type') }} as question_ref,
        coalesce({{ json_text('fields.told', 'description') }}, elements.asked) as asked,
        elements.question_type,
        elements.selector,
        elements.content_type,
        scales.scale_min,
        scales.scale_max,
        -- A question itself comes before the words that stand beside it.
        case when {{ is_qualtrics_text('fields.field') }} then 1 else 0 end as place
    from fields
    left join {{ ref('stg_qualtrics__elements') }} as elements
        on
            fields.source_name = elements.source_name
            and fields.survey_id = elements.survey_id
            and fields.load_id = elements.load_id
            and fields.sequence = elements.sequence
            and {{ qualtrics_question_id('fields.field') }} = elements.question_id
    left join scales
        on
            fields.source_name = scales.source_name
            and fields.survey_id = scales.survey_id
            and fields.load_id = scales.load_id
            and fields.sequence = scales.sequence
            and fields.field = scales.field
    union all
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        question_id as question_ref,
        asked,
        question_type,
        selector,
        content_type,
        cast(null as double) as scale_min,
        cast(null as double) as scale_max,
        2 as place
    from {{ ref('stg_qualtrics__elements') }}
),

first_told as (
    select
        described.*,
        row_number() over (
            partition by source_name, survey_id, load_id, sequence, question_ref
            order by place asc nulls last, asked asc nulls last
        ) as first_place
    from described
    where coalesce(question_type, '') not in ('DB', 'Timing', 'Meta', 'Captcha')
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    question_ref,
    {{ plain_text('asked') }} as question_text,
    {{ qualtrics_metric('question_type', 'selector', 'content_type') }} as tool_metric,
    case when selector = 'NPS' then 0e0 else scale_min end as tool_scale_min,
    case when selector = 'NPS' then 10e0 else scale_max end as tool_scale_max
from first_told
where first_place = 1
