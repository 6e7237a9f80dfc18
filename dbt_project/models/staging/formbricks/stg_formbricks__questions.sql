-- One row per version of a Formbricks survey and question in it.

select
    source_name,
    survey_id,
    load_id,
    sequence,
    element_id as question_ref,
    {{ plain_text('headline') }} as question_text,
    -- Contact details are of several kinds: each answer says its own.
    {{ formbricks_metric('element_type', 'input_type') }} as tool_metric,
    {{ formbricks_scale_min('element_type') }} as tool_scale_min,
    {{ formbricks_scale_max('element_type', 'scale_range') }} as tool_scale_max
from {{ ref('stg_formbricks__elements') }}
