-- One row per pain point and comment or answer that raises it, ever: a comment with a theme that is no praise; under
-- the theme `none` a bad answer whose response has no such comment at that touchpoint.
{{ config(tags=['daily']) }}

with settings as (
    select today
    from {{ source('computed', 'settings') }}
),

praise as (
    select theme_id
    from {{ ref('stg_programme__themes') }}
    where kind = 'praise'
    group by theme_id
),

comments as (
    select * from {{ ref('int_comments_classed') }}
),

mentions as (
    select
        comments.journey_id,
        comments.touchpoint_id,
        comment_themes.theme_id,
        comments.comment_key as answer_key,
        comments.comment_key,
        comments.response_key,
        comments.customer_id,
        comments.respondent_key,
        comments.place_class,
        comments.submitted_at,
        comments.local_date
    from comments
    inner join {{ ref('comment_themes') }} as comment_themes
        on comments.comment_key = comment_themes.comment_key
    left join praise
        on comment_themes.theme_id = praise.theme_id
    where praise.theme_id is null
),

-- Some words that stand beside a bad answer, though no theme knows them.
words as (
    select
        response_key,
        journey_id,
        touchpoint_id,
        min(comment_key) as comment_key
    from comments
    group by response_key, journey_id, touchpoint_id
),

named as (
    select distinct
        response_key,
        journey_id,
        touchpoint_id
    from mentions
),

nameless as (
    select
        scores.journey_id,
        scores.touchpoint_id,
        'none' as theme_id,
        scores.answer_key,
        words.comment_key,
        scores.response_key,
        responses.customer_id,
        scores.respondent_key,
        'bad' as place_class,
        scores.submitted_at,
        scores.local_date
    from {{ ref('int_scores_located') }} as scores
    inner join {{ ref('responses') }} as responses
        on scores.response_key = responses.response_key
    left join named
        on
            scores.response_key = named.response_key
            and scores.journey_id = named.journey_id
            and scores.touchpoint_id = named.touchpoint_id
    left join words
        on
            scores.response_key = words.response_key
            and scores.journey_id = words.journey_id
            and scores.touchpoint_id = words.touchpoint_id
    where scores.bad = 1e0 and named.response_key is null
),

raised as (
    select * from mentions
    union all
    select * from nameless
)

select
    {{ key_of(['raised.journey_id', 'raised.touchpoint_id', 'raised.theme_id']) }} as pain_point_id,
    raised.journey_id,
    raised.touchpoint_id,
    raised.theme_id,
    raised.answer_key,
    raised.comment_key,
    raised.response_key,
    raised.customer_id,
    raised.respondent_key,
    raised.place_class,
    coalesce(raised.place_class, 'unscored') <> 'good' as is_pain,
    {{ window_of('raised.local_date') }} as time_window,
    raised.submitted_at
from raised
cross join settings
where raised.local_date < settings.today
