-- One row per response, question and choice: what the newest version of the response says, as it was written.
-- Lives in the private schema, because contact questions have answers too.
{{ config(
    materialized='incremental', incremental_strategy='replace_touched', schema='private',
    meta={'touched_by': 'versions'}
) }}

with given as (
    {%- set what_is_new = 'where load_id > ' ~ watermark(this) if is_incremental() else '' %}
    {{ of_all_tools('answers', what_is_new) }}
)

select
    {{ key_of(['given.response_key', 'given.question_ref', 'given.position']) }} as answer_key,
    given.response_key,
    given.question_ref,
    given.question_text,
    given.position,
    trim(given.value_text) as value_text,
    {{ number_told('responses.tool', 'given.value_text', 'given.choice_id') }} as value_number,
    given.choice_id,
    given.tool_metric,
    given.tool_scale_min,
    given.tool_scale_max,
    given.load_id
from given
inner join {{ ref('stg_raw__responses') }} as responses
    on
        given.response_key = responses.response_key
        and given.load_id = responses.load_id
        and given.sequence = responses.sequence
where
    responses.quarantine_reason is null and not responses.is_deleted
    {%- if is_incremental() %}
    and responses.load_id > {{ watermark(this) }}
    {%- endif %}
