-- One row per journey, outcome metric, pair of what one response rated and bucket of respondents: the sums that
-- correlations are made of. Buckets are what the bootstrap draws: whole clusters, in 256 groups by the hash of their
-- key, so that its cost does not grow with the answers. Made once a day. Sums are exact: doubles added in another order
-- differ in their last digit, and few answers that say nearly the same make much of that.
{{ config(tags=['daily']) }}

with spoken as (
    select * from {{ ref('int_outcomes_explained') }}
),

-- Numbers pair faster than names do.
names as (
    select
        touchpoint_id,
        case when touchpoint_id = 'none' then 0 else row_number() over (order by touchpoint_id asc nulls last) end
            as touchpoint_no
    from spoken
    group by touchpoint_id
),

outcome_names as (
    select
        journey_id,
        outcome_metric,
        max(survey_kind) as survey_kind,
        row_number() over (order by journey_id asc nulls last, outcome_metric asc nulls last) as outcome_no
    from spoken
    group by journey_id, outcome_metric
),

numbered as (
    select
        spoken.response_key,
        outcome_names.outcome_no,
        names.touchpoint_no,
        spoken.weight,
        spoken.score,
        substr(md5(spoken.cluster_key), 1, 2) as bucket
    from spoken
    inner join names
        on spoken.touchpoint_id = names.touchpoint_id
    inner join outcome_names
        on spoken.journey_id = outcome_names.journey_id and spoken.outcome_metric = outcome_names.outcome_metric
),

summed as (
    select
        one.outcome_no,
        one.touchpoint_no as first_no,
        other.touchpoint_no as second_no,
        one.bucket,
        count(*) as response_count,
        sum({{ exactly('one.weight') }}) as weight_sum,
        sum({{ exactly('one.weight * one.score') }}) as x_sum,
        sum({{ exactly('one.weight * other.score') }}) as y_sum,
        sum({{ exactly('one.weight * one.score * one.score') }}) as xx_sum,
        sum({{ exactly('one.weight * other.score * other.score') }}) as yy_sum,
        sum({{ exactly('one.weight * one.score * other.score') }}) as xy_sum
    from numbered as one
    inner join numbered as other
        on
            one.response_key = other.response_key
            and one.outcome_no = other.outcome_no
            and (one.touchpoint_no < other.touchpoint_no or (one.touchpoint_no = 0 and other.touchpoint_no = 0))
    group by one.outcome_no, one.touchpoint_no, other.touchpoint_no, one.bucket
)

select
    outcome_names.journey_id,
    outcome_names.outcome_metric,
    outcome_names.survey_kind,
    firsts.touchpoint_id as first_id,
    seconds.touchpoint_id as second_id,
    summed.bucket,
    summed.response_count,
    cast(summed.weight_sum as double) as weight_sum,
    cast(summed.x_sum as double) as x_sum,
    cast(summed.y_sum as double) as y_sum,
    cast(summed.xx_sum as double) as xx_sum,
    cast(summed.yy_sum as double) as yy_sum,
    cast(summed.xy_sum as double) as xy_sum
from summed
inner join outcome_names
    on summed.outcome_no = outcome_names.outcome_no
inner join names as firsts
    on summed.first_no = firsts.touchpoint_no
inner join names as seconds
    on summed.second_no = seconds.touchpoint_no
