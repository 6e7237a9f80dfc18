-- One row per pain point of the last 90 full days: how many raised it, of how many who said something, now and before.
-- What raises a theme is counted of the comments at its touchpoint, what raises `none` of the answers there. What one
-- customer says hangs together: the effective counts are those of scores, with the customer as cluster.
{{ config(tags=['daily']) }}

with raised as (
    select
        pain_point_id,
        journey_id,
        touchpoint_id,
        theme_id,
        respondent_key,
        time_window,
        cast(count(*) as double) as answers,
        min(submitted_at) as first_seen_at,
        max(submitted_at) as last_seen_at
    from {{ ref('int_pains_raised') }}
    where is_pain
    group by pain_point_id, journey_id, touchpoint_id, theme_id, respondent_key, time_window
),

said as (
    select
        classed.journey_id,
        classed.touchpoint_id,
        classed.respondent_key,
        false as is_score,
        {{ window_of('classed.local_date') }} as time_window
    from {{ ref('int_comments_classed') }} as classed
    cross join {{ source('computed', 'settings') }} as settings
    union all
    select
        scores.journey_id,
        scores.touchpoint_id,
        scores.respondent_key,
        true as is_score,
        {{ window_of('scores.local_date') }} as time_window
    from {{ ref('int_scores_located') }} as scores
    cross join {{ source('computed', 'settings') }} as settings
),

speakers as (
    select
        journey_id,
        touchpoint_id,
        is_score,
        time_window,
        respondent_key,
        cast(count(*) as double) as answers
    from said
    where time_window is not null
    group by journey_id, touchpoint_id, is_score, time_window, respondent_key
),

counted as (
    select
        raised.pain_point_id,
        raised.journey_id,
        raised.touchpoint_id,
        raised.theme_id,
        count(case when raised.time_window = 'now' then 1 end) as customers_now,
        sum(case when raised.time_window = 'now' then raised.answers else 0e0 end) as answers_now,
        sum(case when raised.time_window = 'now' then raised.answers * raised.answers else 0e0 end) as square_now,
        sum(case when raised.time_window = 'now' then raised.answers * speakers.answers else 0e0 end) as cross_now,
        sum(case when raised.time_window = 'before' then raised.answers else 0e0 end) as answers_before,
        sum(case when raised.time_window = 'before' then raised.answers * raised.answers else 0e0 end) as square_before,
        sum(case when raised.time_window = 'before' then raised.answers * speakers.answers else 0e0 end)
            as cross_before,
        min(raised.first_seen_at) as first_seen_at,
        max(raised.last_seen_at) as last_seen_at
    from raised
    left join speakers
        on
            raised.journey_id = speakers.journey_id
            and raised.touchpoint_id = speakers.touchpoint_id
            and (raised.theme_id = 'none') = speakers.is_score
            and raised.time_window = speakers.time_window
            and raised.respondent_key = speakers.respondent_key
    group by raised.pain_point_id, raised.journey_id, raised.touchpoint_id, raised.theme_id
    having count(case when raised.time_window = 'now' then 1 end) > 0
),

places as (
    select
        journey_id,
        touchpoint_id,
        is_score,
        cast(count(case when time_window = 'now' then 1 end) as double) as speakers_now,
        sum(case when time_window = 'now' then answers else 0e0 end) as said_now,
        sum(case when time_window = 'now' then answers * answers else 0e0 end) as said_square_now,
        cast(count(case when time_window = 'before' then 1 end) as double) as speakers_before,
        sum(case when time_window = 'before' then answers else 0e0 end) as said_before,
        sum(case when time_window = 'before' then answers * answers else 0e0 end) as said_square_before
    from speakers
    group by journey_id, touchpoint_id, is_score
),

shared as (
    select
        counted.*,
        places.speakers_now,
        places.said_now,
        places.said_square_now,
        places.speakers_before,
        places.said_before,
        places.said_square_before,
        counted.answers_now / nullif(places.said_now, 0e0) as rate_now,
        counted.answers_before / nullif(places.said_before, 0e0) as rate_before
    from counted
    inner join places
        on
            counted.journey_id = places.journey_id
            and counted.touchpoint_id = places.touchpoint_id
            and (counted.theme_id = 'none') = places.is_score
)

select
    pain_point_id,
    journey_id,
    touchpoint_id,
    theme_id,
    cast(answers_now as bigint) as answer_count,
    cast(answers_before as bigint) as answers_before,
    cast(customers_now as bigint) as customer_count,
    cast(said_now as bigint) as said_now,
    cast(speakers_now as bigint) as speakers_now,
    {{ share_effective_count('now') }} as effective_now,
    rate_now,
    cast(said_before as bigint) as said_before,
    cast(speakers_before as bigint) as speakers_before,
    {{ share_effective_count('before') }} as effective_before,
    rate_before,
    first_seen_at,
    last_seen_at
from shared
