-- One row per version of a Formbricks survey and element (question) of it. What an answer means is read in the version
-- that was known when the answer was collected, so that an increment says what a rebuild says: from its load on,
-- up to `until_load_id` where a later version has the element too.

with source as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        payload
    from {{ source('raw', 'definitions') }}
    where tool = 'formbricks'
),

blocks as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as block,
        position as block_place
    from {{ json_items('source', json_part('payload', 'blocks')) }}
),

-- Older servers know no blocks; newer ones tell the questions within them once more.
listed as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as element,
        block_place * 1000 + position as place
    from {{ json_items('blocks', json_part('block', 'elements')) }}
    union all
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        item as element,
        1000000 + position as place
    from {{ json_items('source', json_part('payload', 'questions')) }}
),

numbered as (
    select
        source_name,
        survey_id,
        load_id,
        sequence,
        element,
        place,
        {{ json_text('element', 'id') }} as element_id,
        row_number() over (
            partition by source_name, survey_id, load_id, sequence, {{ json_text('element', 'id') }}
            order by place asc nulls last
        ) as first_place
    from listed
)

select
    source_name,
    survey_id,
    load_id,
    sequence,
    element_id,
    cast(place as bigint) as place,
    {{ json_text('element', 'type') }} as element_type,
    {{ json_text('element', 'inputType') }} as input_type,
    coalesce({{ json_text('element', 'headline.default') }}, {{ json_text('element', 'headline') }}) as headline,
    try_cast({{ json_text('element', 'range') }} as double) as scale_range,
    {{ json_part('element', 'choices') }} as choices,
    lead(load_id) over (
        partition by source_name, survey_id, element_id order by load_id asc nulls last, sequence asc nulls last
    ) as until_load_id
from numbered
where element_id is not null and first_place = 1
