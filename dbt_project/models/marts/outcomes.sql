-- One row per journey, touchpoint, segment, metric and score class: how many of the customers who last answered so
-- have left since, and how that compares with those who answered best. What goes together, not what causes what.
{{ config(tags=['daily']) }}

with members as (
    select
        classed.journey_id,
        classed.touchpoint_id,
        classed.metric,
        classed.score_class,
        classed.response_key,
        classed.cluster_key,
        profiled.profile,
        case when followed.is_leaving_known then 1e0 else 0e0 end as known,
        case when followed.is_leaving_known and followed.has_left then 1e0 else 0e0 end as gone,
        followed.annual_value
    from {{ ref('int_customers_classed') }} as classed
    inner join {{ ref('int_responses_profiled') }} as profiled
        on classed.response_key = profiled.response_key
    left join {{ ref('int_customers_followed') }} as followed
        on classed.customer_id = followed.customer_id
),

{{ numbered_profiles('members') }},

-- A customer without an account is a cluster of one, and is counted by profile. Only accounts are grouped.
alone as (
    select
        journey_id,
        touchpoint_id,
        metric,
        score_class,
        profile,
        {{ sums_of_clusters('1', 'annual_value', 'case when annual_value is null then 0 else 1 end') }}
    from members
    where cluster_key like 'c:%'
    group by journey_id, touchpoint_id, metric, score_class, profile
),

accounts as (
    select
        members.journey_id,
        members.touchpoint_id,
        members.metric,
        members.score_class,
        segments_of_profile.segment_no,
        members.cluster_key,
        count(*) as customer_count,
        sum(members.known) as known,
        sum(members.gone) as gone,
        sum(members.annual_value) as annual_value,
        count(members.annual_value) as valued_count
    from members
    inner join profiles
        on members.profile = profiles.profile
    inner join segments_of_profile
        on profiles.profile_no = segments_of_profile.profile_no
    where members.cluster_key not like 'c:%'
    group by
        members.journey_id, members.touchpoint_id, members.metric, members.score_class,
        segments_of_profile.segment_no, members.cluster_key
),

parts as (
    select
        alone.journey_id,
        alone.touchpoint_id,
        alone.metric,
        alone.score_class,
        segments_of_profile.segment_no,
        alone.customer_count,
        alone.known,
        alone.gone,
        alone.cluster_count,
        alone.square_sum,
        alone.cross_sum,
        alone.weight_square_sum,
        alone.annual_value,
        alone.valued_count
    from alone
    inner join profiles
        on alone.profile = profiles.profile
    inner join segments_of_profile
        on profiles.profile_no = segments_of_profile.profile_no
    union all
    select
        journey_id,
        touchpoint_id,
        metric,
        score_class,
        segment_no,
        {{ sums_of_clusters('customer_count', 'annual_value', 'valued_count') }}
    from accounts
    group by journey_id, touchpoint_id, metric, score_class, segment_no
),

cells as (
    select
        parts.journey_id,
        parts.touchpoint_id,
        segments.segment_type,
        segments.segment,
        parts.metric,
        parts.score_class,
        cast(sum(parts.customer_count) as bigint) as customer_count,
        sum(parts.known) as known,
        sum(parts.gone) as gone,
        cast(sum(parts.cluster_count) as double) as cluster_count,
        sum(parts.square_sum) as square_sum,
        sum(parts.cross_sum) as cross_sum,
        sum(parts.weight_square_sum) as weight_square_sum,
        sum(parts.annual_value) as annual_value,
        cast(sum(parts.customer_count) as bigint) - cast(sum(parts.valued_count) as bigint) as unknown_value_count
    from parts
    inner join segments
        on parts.segment_no = segments.segment_no
    group by
        parts.journey_id, parts.touchpoint_id, segments.segment_type, segments.segment, parts.metric, parts.score_class
),

shares as (
    select
        *,
        gone / nullif(known, 0e0) as left_share,
        cluster_count = known as is_simple,
        gone = 0e0 or gone = known as is_one_code
    from cells
),

deviations as (
    select
        *,
        left_share * (1e0 - left_share) as simple_variance,
        {{ cluster_deviation('left_share', 'square_sum', 'cross_sum', 'weight_square_sum') }} as deviation
    from shares
),

variances as (
    select
        *,
        {{ clustered_variance('deviation', 'cluster_count', 'known', 'known') }} as variance
    from deviations
),

effective as (
    select
        *,
        {{ effective_count('known', 'cluster_count', 'is_simple', 'is_one_code', 'variance', 'simple_variance',
            'known', 'weight_square_sum') }} as effective_count
    from variances
),

told as (
    select
        *,
        case when known > 0e0 then {{ wilson_low('left_share', 'effective_count') }} end as left_low,
        case when known > 0e0 then {{ wilson_high('left_share', 'effective_count') }} end as left_high
    from effective
)

select
    told.journey_id,
    told.touchpoint_id,
    told.segment_type,
    told.segment,
    told.metric,
    told.score_class,
    told.customer_count,
    cast(told.known as bigint) as known_count,
    case when told.known > 0e0 then cast(told.gone as bigint) end as left_count,
    told.effective_count,
    told.left_share,
    told.left_low,
    told.left_high,
    {{ verdict('told.effective_count', 'told.left_low', 'told.left_high', 'settings.suppress_below',
        'settings.flag_share_wider_than') }} as verdict,
    told.left_share - best.left_share as difference_to_top,
    {{ newcombe_low('told.left_share', 'told.left_low', 'best.left_share', 'best.left_high') }} as difference_low,
    {{ newcombe_high('told.left_share', 'told.left_high', 'best.left_share', 'best.left_low') }} as difference_high,
    told.annual_value,
    told.unknown_value_count,
    upper(settings.currency) as currency
from told
cross join {{ source('computed', 'settings') }} as settings
left join told as best
    on
        told.journey_id = best.journey_id
        and told.touchpoint_id = best.touchpoint_id
        and told.segment_type = best.segment_type
        and told.segment = best.segment
        and told.metric = best.metric
        and told.score_class not in ('promoter', 'top')
        and best.score_class in ('promoter', 'top')
