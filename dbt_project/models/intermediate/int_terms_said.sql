-- One row per term and comment of a detractor or bottom answer in the last 30 full days (now) or the 90 before. Terms
-- are words; of scripts that put no blanks between words, every two neighbouring letters.
{{ config(tags=['daily']) }}

with comments as (
    select
        classed.comment_key,
        classed.language,
        classed.journey_id,
        classed.local_date >= cast(settings.today - interval '30' day as date) as is_now,
        {{ surrounded('lower(' ~ composed('classed.text') ~ ')', unspaced_pattern(), ' ', ' ') }} as said
    from {{ ref('int_comments_classed') }} as classed
    cross join {{ source('computed', 'settings') }} as settings
    where
        classed.is_bad
        and classed.text is not null
        and classed.local_date >= cast(settings.today - interval '120' day as date)
        and classed.local_date < settings.today
),

runs as (
    select
        comment_key,
        found as run,
        substring(found, 2) as run_after_first,
        {{ holds('found', literal('^' ~ unspaced_pattern() ~ '$')) }} as is_unspaced
    from {{ found_in('comments', 'said', letters_pattern()) }}
),

unspaced_runs as (
    select * from runs
    where is_unspaced
),

terms as (
    select
        comment_key,
        run as term
    from runs
    where length(run) > 1 and not is_unspaced
    union
    select
        comment_key,
        found as term
    from {{ found_in('unspaced_runs', 'run', '..') }}
    union
    select
        comment_key,
        found as term
    from {{ found_in('unspaced_runs', 'run_after_first', '..') }}
)

select
    comments.comment_key,
    comments.language,
    comments.journey_id,
    comments.is_now,
    terms.term
from comments
left join terms
    on comments.comment_key = terms.comment_key
