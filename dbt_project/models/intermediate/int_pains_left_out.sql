-- One row per pain point of a touchpoint with scores: the score there in the last 90 full days, in the metric with most
-- answers, and what it is without the responses that mention the theme (promoters too: all that the theme goes with).
{{ config(tags=['daily']) }}

with scores as (
    select scores.*
    from {{ ref('int_scores_located') }} as scores
    cross join {{ source('computed', 'settings') }} as settings
    where {{ window_of('scores.local_date') }} = 'now'
),

places as (
    select
        journey_id,
        touchpoint_id,
        survey_kind,
        metric,
        {{ is_points('metric') }} as is_points,
        count(*) as answers,
        count(distinct cluster_key) as clusters,
        cast(sum({{ exactly('weight') }}) as double) as weight,
        cast(sum({{ exactly('weight * good') }}) as double) as good,
        cast(sum({{ exactly('weight * bad') }}) as double) as bad,
        row_number() over (
            partition by journey_id, touchpoint_id
            order by count(*) desc nulls last, metric asc nulls last, survey_kind asc nulls last
        ) as most_first
    from scores
    group by journey_id, touchpoint_id, survey_kind, metric
),

mentions as (
    select distinct
        pain_point_id,
        journey_id,
        touchpoint_id,
        response_key
    from {{ ref('int_pains_raised') }}
    where time_window = 'now'
),

parts as (
    select
        mentions.pain_point_id,
        mentions.journey_id,
        mentions.touchpoint_id,
        count(scores.response_key) as answers,
        coalesce(cast(sum({{ exactly('scores.weight') }}) as double), 0e0) as weight,
        coalesce(cast(sum({{ exactly('scores.weight * scores.good') }}) as double), 0e0) as good,
        coalesce(cast(sum({{ exactly('scores.weight * scores.bad') }}) as double), 0e0) as bad
    from mentions
    inner join places
        on
            mentions.journey_id = places.journey_id
            and mentions.touchpoint_id = places.touchpoint_id
            and places.most_first = 1
    left join scores
        on
            mentions.response_key = scores.response_key
            and places.journey_id = scores.journey_id
            and places.touchpoint_id = scores.touchpoint_id
            and places.survey_kind = scores.survey_kind
            and places.metric = scores.metric
    group by mentions.pain_point_id, mentions.journey_id, mentions.touchpoint_id
),

-- Answers that hang together count for less, with the theme and without it alike.
divided as (
    select
        parts.pain_point_id,
        places.survey_kind,
        places.metric,
        places.is_points,
        places.good,
        places.bad,
        places.weight,
        places.good - parts.good as good_without,
        places.bad - parts.bad as bad_without,
        case when places.answers > parts.answers then places.weight - parts.weight else 0e0 end as weight_without,
        parts.good / nullif(parts.weight, 0e0) as good_share,
        parts.bad / nullif(parts.weight, 0e0) as bad_share,
        {{ score_of_sums('places.is_points', 'parts.good', 'parts.bad', 'parts.weight') }} as score_with,
        parts.answers * places.clusters / nullif(cast(places.answers as double), 0e0) as n,
        (places.answers - parts.answers) * places.clusters / nullif(cast(places.answers as double), 0e0) as n_without
    from parts
    inner join places
        on
            parts.journey_id = places.journey_id
            and parts.touchpoint_id = places.touchpoint_id
            and places.most_first = 1
),

shares as (
    select
        *,
        good_without / nullif(weight_without, 0e0) as good_share_without,
        bad_without / nullif(weight_without, 0e0) as bad_share_without
    from divided
)

select
    pain_point_id,
    survey_kind as impact_survey_kind,
    metric as impact_metric,
    {{ score_of_sums('is_points', 'good', 'bad', 'weight') }} as score,
    score_with,
    {{ score_of_sums('is_points', 'good_without', 'bad_without', 'weight_without') }} as score_without,
    case
        when is_points
            then {{ wald_z('good_share', 'bad_share', 'n', 'good_share_without', 'bad_share_without', 'n_without') }}
        else {{ pooled_z('good_share', 'n', 'good_share_without', 'n_without') }}
    end as impact_z
from shares
