-- One row per term, language and journey (`all`: pooled) that detractors use more now than before, and how sure it is.
{{ config(tags=['daily']) }}

with said as (
    select * from {{ ref('int_terms_said') }}
    union all
    select
        comment_key,
        language,
        'all' as journey_id,
        is_now,
        term
    from {{ ref('int_terms_said') }}
),

comments as (
    select
        language,
        journey_id,
        count(distinct case when is_now then comment_key end) as comments_now,
        count(distinct case when not is_now then comment_key end) as comments_before
    from said
    group by language, journey_id
),

terms as (
    select
        term,
        language,
        journey_id,
        count(case when is_now then 1 end) as count_now,
        count(case when not is_now then 1 end) as count_before
    from said
    where term is not null
    group by term, language, journey_id
    -- What all say together is no hint at which time they say it, so it may choose what is looked at.
    having count(*) >= 8
),

shares as (
    select
        terms.*,
        comments.comments_now,
        comments.comments_before,
        {{ expected_count('count_now', 'comments_now', 'count_before', 'comments_before') }} as expected_now
    from terms
    inner join comments
        on terms.language = comments.language and terms.journey_id = comments.journey_id
    where comments.comments_now > 0 and comments.comments_before > 0
),

corrected as (
    select
        *,
        {{ corrected_count('count_now', 'expected_now') }} as corrected_now
    from shares
    where count_now > expected_now
),

weighed as (
    select
        *,
        {{ log_likelihood('corrected_now', 'expected_now', 'comments_now', '(comments_now + comments_before)',
            '(count_now + count_before)') }} as keyness
    from corrected
),

tested as (
    select
        *,
        sqrt(keyness) as z
    from weighed
),

judged as (
    select
        *,
        {{ two_sided_p('z') }} as p_value
    from tested
),

ranked as (
    select
        *,
        true as is_tested,
        row_number() over (
            order by p_value asc nulls last, term asc nulls last, language asc nulls last, journey_id asc nulls last
        ) as p_rank,
        count(*) over () as family_size
    from judged
)

select
    term,
    language,
    journey_id,
    cast(count_now as bigint) as count_now,
    cast(count_before as bigint) as count_before,
    cast(comments_now as bigint) as comments_now,
    cast(comments_before as bigint) as comments_before,
    keyness,
    p_value,
    {{ q_value('p_value', 'p_rank', 'family_size', 'is_tested') }} as q_value
from ranked
