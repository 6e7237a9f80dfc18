-- One row per young follow-up and person who acts for an owner of its team whose segments, or all of whose properties,
-- are those of the response.
{{ config(tags=['clock']) }}

with owners as (
    select * from {{ ref('int_owners_present') }}
    where takes_follow_ups and acting_owner_id is not null and team_id is not null
),

fresh as (
    select
        follow_up_key,
        response_key,
        team_id,
        segment
    from {{ ref('int_follow_ups_withheld') }}
    where joined_key is null
),

of_segments as (
    select
        fresh.follow_up_key,
        parts.acting_owner_id as owner_id
    from {{ text_parts('owners', 'segments', ';') }}
    inner join fresh
        on parts.team_id = fresh.team_id and parts.part = fresh.segment
),

paired as (
    {{ pairs_of('owners', 'properties') }}
),

pair_counts as (
    select
        owner_id,
        count(distinct pair_name) as pair_count
    from paired
    group by owner_id
),

of_properties as (
    select
        fresh.follow_up_key,
        paired.acting_owner_id as owner_id
    from fresh
    inner join {{ ref('response_properties') }} as properties
        on fresh.response_key = properties.response_key
    inner join paired
        on
            fresh.team_id = paired.team_id
            and lower(trim(properties.name)) = paired.pair_name
            and trim(properties.value) = paired.pair_value
    inner join pair_counts
        on paired.owner_id = pair_counts.owner_id
    group by fresh.follow_up_key, paired.owner_id, paired.acting_owner_id
    having count(distinct paired.pair_name) = max(pair_counts.pair_count)
)

select
    follow_up_key,
    owner_id
from of_segments
union
select
    follow_up_key,
    owner_id
from of_properties
