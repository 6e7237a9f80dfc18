-- One row per comment, with its local day, who wrote it, and how that response scored the same touchpoint: by its worst
-- answer there.
{{ config(materialized='view') }}

with places as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        max(bad) as bad,
        min(good) as good
    from {{ ref('int_scores_located') }}
    group by response_key, journey_id, touchpoint_id
),

wholes as (
    select
        response_key,
        max(bad) as bad
    from places
    group by response_key
)

select
    comments.comment_key,
    comments.response_key,
    comments.journey_id,
    comments.touchpoint_id,
    coalesce(comments.language, 'unknown') as language,
    comments.text,
    comments.submitted_at,
    cast({{ local_time('comments.submitted_at', 'settings.timezone') }} as date) as local_date,
    responses.customer_id,
    coalesce('c:' || responses.customer_id, 'r:' || comments.response_key) as respondent_key,
    case
        when places.bad = 1e0 then 'bad'
        when places.good = 1e0 then 'good'
        when places.response_key is not null then 'middle'
    end as place_class,
    -- A comment that stands where nothing was scored has the mood of the whole response.
    coalesce(places.bad, wholes.bad, 0e0) = 1e0 as is_bad
from {{ ref('comments') }} as comments
inner join {{ ref('responses') }} as responses
    on comments.response_key = responses.response_key
cross join {{ source('computed', 'settings') }} as settings
left join places
    on
        comments.response_key = places.response_key
        and comments.journey_id = places.journey_id
        and comments.touchpoint_id = places.touchpoint_id
left join wholes
    on comments.response_key = wholes.response_key
