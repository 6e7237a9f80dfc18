-- One row per version of a response out of a file and column that holds an answer.

with versions as (
    {{ told_versions('files') }}
)

select
    response_key,
    load_id,
    sequence,
    name as question_ref,
    name as question_text,
    cast(1 as bigint) as position,
    value as value_text,
    cast(null as {{ dbt.type_string() }}) as choice_id,
    cast(null as {{ dbt.type_string() }}) as tool_metric,
    cast(null as double) as tool_scale_min,
    cast(null as double) as tool_scale_max
from {{ json_members('versions', json_part('payload', 'answers')) }}
where {{ filled('value') }} is not null
