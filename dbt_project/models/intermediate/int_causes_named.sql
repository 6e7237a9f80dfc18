-- One row per root cause: its name in the company's language, else in English, else in any, and is it structural?

with told as (
    select
        root_causes.root_cause_id,
        coalesce(root_causes.name, root_causes.root_cause_id) as name,
        row_number() over (
            partition by root_causes.root_cause_id
            order by
                case when root_causes.language = settings.language then 0 else 1 end asc nulls last,
                case when root_causes.language = 'en' then 0 else 1 end asc nulls last,
                root_causes.language asc nulls last
        ) as best_first,
        max(case when root_causes.is_structural then 1 else 0 end) over (
            partition by root_causes.root_cause_id
        ) as structural
    from {{ ref('stg_programme__root_causes') }} as root_causes
    cross join {{ source('computed', 'settings') }} as settings
    where root_causes.root_cause_id is not null
)

select
    root_cause_id,
    name,
    structural = 1 as is_structural
from told
where best_first = 1
