-- One row per version of a LimeSurvey response and column that holds an answer; a ticked box is one.

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'limesurvey' and not is_deleted
),

items as (
    select
        response_key,
        load_id,
        sequence,
        position,
        {{ json_text('item', 'ref') }} as question_ref,
        {{ json_text('item', 'type') }} as question_type,
        {{ json_text('item', 'text') }} as value_text,
        {{ json_text('item', 'choice') }} as choice_id
    from {{ json_items('versions', json_part('payload', 'answers')) }}
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position * 1000 as bigint) as position,
    value_text,
    choice_id,
    {{ limesurvey_metric('question_type', 'question_ref') }} as tool_metric,
    case when question_type in ('5', 'A', 'B') then 1e0 end as tool_scale_min,
    case when question_type in ('5', 'A') then 5e0 when question_type = 'B' then 10e0 end as tool_scale_max
from items
where {{ filled('value_text') }} is not null and question_ref is not null
