-- One row per version of what a customer told a colleague, who wrote it down at the desk: a comment.

with versions as (
    {{ told_versions('desk') }}
)

select
    response_key,
    load_id,
    sequence,
    name as question_ref,
    'What the customer told us' as question_text,
    cast(1 as bigint) as position,
    value as value_text,
    cast(null as {{ dbt.type_string() }}) as choice_id,
    'comment' as tool_metric,
    cast(null as double) as tool_scale_min,
    cast(null as double) as tool_scale_max
from {{ json_members('versions', json_part('payload', 'answers')) }}
where {{ filled('value') }} is not null
