-- One row per pain point that an assessment speaks of: the one that names it most exactly, of these the newest, of
-- these the one whose cause owners name too, then the one of most effort. A cost in another currency than the company's
-- is not known. An assessment of a cause anywhere holds where owners name that cause.
{{ config(tags=['daily']) }}

with told as (
    select
        *,
        {{ key_of(['touchpoint_id', 'theme_id', 'root_cause_id', 'assessed_by', 'assessed_on']) }} as assessment_key
    from {{ ref('stg_programme__assessments') }}
),

ranked as (
    select
        pains.pain_point_id,
        told.assessment_key,
        told.root_cause_id,
        told.effort_person_months,
        case
            when upper(coalesce(told.currency, pains.currency)) = upper(pains.currency) then told.cost
        end as cost,
        told.assessed_on,
        row_number() over (
            partition by pains.pain_point_id
            order by
                {{ exactness('told') }} desc nulls last,
                told.assessed_on desc nulls last,
                case when told.root_cause_id = pains.root_cause_id then 1 else 0 end desc nulls last,
                told.effort_person_months desc nulls last,
                told.assessment_key asc nulls last
        ) as best_first
    from {{ ref('pain_points') }} as pains
    inner join told
        on
            {{ covers('told', 'pains') }}
            and (
                {{ exactness('told') }} > 0
                or told.root_cause_id is null
                or told.root_cause_id = coalesce(pains.root_cause_id, '')
            )
)

select
    pain_point_id,
    assessment_key,
    root_cause_id,
    effort_person_months,
    cost,
    assessed_on
from ranked
where best_first = 1
