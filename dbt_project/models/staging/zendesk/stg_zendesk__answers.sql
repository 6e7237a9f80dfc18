-- One row per version of a Zendesk response and answer: of a satisfaction rating its score (good is 1, bad is 0),
-- comment and reason; of an answered survey its answers, of a choice among several one row per choice.

with versions as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'zendesk' and not is_deleted
),

ratings as (
    select
        response_key,
        load_id,
        sequence,
        {{ json_text('payload', 'score') }} as score,
        {{ json_text('payload', 'comment') }} as rating_comment,
        {{ json_text('payload', 'reason') }} as reason,
        {{ json_text('payload', 'reason_id') }} as reason_id
    from versions
    where survey_id = 'satisfaction_ratings'
),

items as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        position * 1000 as position,
        item as answer,
        {{ json_text('item', 'question.id') }} as question_id
    from {{ json_items('versions', json_part('payload', 'answers')) }}
),

selected as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        position as answer_position,
        question_id,
        answer
    from items
),

selections as (
    select
        response_key,
        source_name,
        survey_id,
        load_id,
        sequence,
        answer_position + position as position,
        question_id,
        {{ json_text('item', 'option_id') }} as option_id,
        {{ json_text('item', 'value') }} as written
    from {{ json_items('selected', json_part('answer', 'selections')) }}
),

given as (
    select
        response_key,
        load_id,
        sequence,
        'score' as question_ref,
        1000 as position,
        case score when 'good' then '1' when 'bad' then '0' end as value_text,
        cast(null as {{ dbt.type_string() }}) as choice_id,
        'csat' as tool_metric,
        0e0 as tool_scale_min,
        1e0 as tool_scale_max
    from ratings
    union all
    select
        response_key,
        load_id,
        sequence,
        'comment' as question_ref,
        2000 as position,
        rating_comment as value_text,
        cast(null as {{ dbt.type_string() }}) as choice_id,
        'comment' as tool_metric,
        cast(null as double) as tool_scale_min,
        cast(null as double) as tool_scale_max
    from ratings
    union all
    select
        response_key,
        load_id,
        sequence,
        'reason' as question_ref,
        3000 as position,
        reason as value_text,
        coalesce(reason_id, reason) as choice_id,
        cast(null as {{ dbt.type_string() }}) as tool_metric,
        cast(null as double) as tool_scale_min,
        cast(null as double) as tool_scale_max
    from ratings
    union all
    select
        response_key,
        load_id,
        sequence,
        question_id as question_ref,
        position,
        coalesce({{ json_text('answer', 'rating') }}, {{ json_text('answer', 'value') }}) as value_text,
        cast(null as {{ dbt.type_string() }}) as choice_id,
        -- Its scale is that of the survey's definition, which counts the options.
        {{ zendesk_metric(json_text('answer', 'question.type'), json_text('answer', 'question.sub_type')) }}
            as tool_metric,
        cast(null as double) as tool_scale_min,
        cast(null as double) as tool_scale_max
    from items
    union all
    select
        selections.response_key,
        selections.load_id,
        selections.sequence,
        selections.question_id as question_ref,
        selections.position,
        coalesce(options.option_text, selections.written, selections.option_id) as value_text,
        coalesce(selections.option_id, 'other') as choice_id,
        cast(null as {{ dbt.type_string() }}) as tool_metric,
        cast(null as double) as tool_scale_min,
        cast(null as double) as tool_scale_max
    from selections
    left join {{ ref('stg_zendesk__options') }} as options
        on
            selections.source_name = options.source_name
            and selections.survey_id = options.survey_id
            and selections.question_id = options.question_id
            and selections.option_id = options.option_id
            and {{ counted_at('options', 'selections.load_id') }}
)

select
    response_key,
    load_id,
    sequence,
    question_ref,
    cast(null as {{ dbt.type_string() }}) as question_text,
    cast(position as bigint) as position,
    {{ filled('value_text') }} as value_text,
    choice_id,
    tool_metric,
    tool_scale_min,
    tool_scale_max
from given
where {{ filled('value_text') }} is not null and question_ref is not null
