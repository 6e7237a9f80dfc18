-- One row per survey with responses that the programme speaks of; a row for this very survey wins over one for any.

with surveys as (
    select
        source_name,
        survey_id
    from {{ ref('stg_raw__responses') }}
    group by source_name, survey_id
),

candidates as (
    select
        surveys.source_name,
        surveys.survey_id,
        programme.name,
        programme.channel,
        programme.audience,
        programme.survey_kind,
        row_number() over (
            partition by surveys.source_name, surveys.survey_id
            order by
                {{ is_any('programme.survey_id') }} asc nulls last,
                {{ is_any('programme.source_name') }} asc nulls last,
                programme.line_no asc nulls last
        ) as best_first
    from surveys
    inner join {{ ref('stg_programme__surveys') }} as programme
        on
            ({{ is_any('programme.source_name') }} or programme.source_name = surveys.source_name)
            and ({{ is_any('programme.survey_id') }} or programme.survey_id = surveys.survey_id)
)

select
    source_name,
    survey_id,
    name,
    channel,
    audience,
    survey_kind
from candidates
where best_first = 1
