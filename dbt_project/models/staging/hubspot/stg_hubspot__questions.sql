-- One row per survey and question that HubSpot defines: none, as it defines properties of an account and no questions
-- of a survey. What a property is called stands with its answers.

select
    source_name,
    survey_id,
    load_id,
    sequence,
    cast(null as {{ dbt.type_string() }}) as question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(null as {{ dbt.type_string() }}) as tool_metric,
    cast(null as double) as tool_scale_min,
    cast(null as double) as tool_scale_max
from {{ source('raw', 'definitions') }}
where false
