{#-
    Common table expressions that give numbers to what scores are grouped by, for a model that groups many of them.
-#}

{#- The columns of a response that are segment types; every other type is a property's name. -#}
{% macro segment_columns() -%}{{ return(['segment', 'persona', 'audience', 'channel', 'language']) }}{%- endmacro %}

{% macro is_segment_column(name) -%}
    {{ name }} in ('{{ segment_columns() | join("', '") }}')
{%- endmacro %}


{#- What a profile says of one segment; its length stands in it so that no words can make two sets look alike. -#}
{% macro segment_in_profile(segment_type, segment) -%}
    {{ segment_type }} || ':' || length({{ segment }}) || ':' || {{ segment }}
{%- endmacro %}


{#-
    Spots are where answers stand: (journey, touchpoint, survey kind, metric) and scale. Places are where they are told:
    each spot itself, its journey as a whole, and the company as a whole. What is pooled at most, all answers to a
    metric of a survey kind, is one kind. Gives spots, places and places_of_spot.
-#}
{% macro numbered_places(scores) -%}
spots as (
    select
        journey_id, touchpoint_id, survey_kind, metric, scale_min, scale_max,
        dense_rank() over (order by survey_kind asc nulls last, metric asc nulls last) as kind_no,
        row_number() over (
            order by
                journey_id asc nulls last, touchpoint_id asc nulls last,
                survey_kind asc nulls last, metric asc nulls last,
                scale_min asc nulls last, scale_max asc nulls last
        ) as spot_no
    from {{ scores }}
    group by journey_id, touchpoint_id, survey_kind, metric, scale_min, scale_max
),

place_names as (
    select journey_id, touchpoint_id, survey_kind, metric from spots
    union
    select journey_id, 'all' as touchpoint_id, survey_kind, metric from spots
    union
    select 'all' as journey_id, 'all' as touchpoint_id, survey_kind, metric from spots
),

places as (
    select
        journey_id, touchpoint_id, survey_kind, metric,
        row_number() over (
            order by
                journey_id asc nulls last, touchpoint_id asc nulls last,
                survey_kind asc nulls last, metric asc nulls last
        ) as place_no
    from place_names
),

places_of_spot as (
    select
        spots.spot_no,
        places.place_no
    from spots
    inner join places
        on
            spots.survey_kind = places.survey_kind
            and spots.metric = places.metric
            and places.touchpoint_id in (spots.touchpoint_id, 'all')
            and (spots.journey_id = places.journey_id or (places.journey_id = 'all' and places.touchpoint_id = 'all'))
)
{%- endmacro %}


{#- One row per response and configured segment type that it has a segment of, out of responses and their properties. -#}
{% macro segments_of_responses(responses, properties) -%}
    {%- for name in segment_columns() %}
    select
        told.response_key,
        segment_types.segment_type,
        told.{{ name }} as segment,
        told.load_id
    from {{ responses }} as told
    inner join {{ source('computed', 'segment_types') }} as segment_types
        on segment_types.segment_type = '{{ name }}'
    where told.{{ name }} is not null
    union all
    {%- endfor %}
    select
        told.response_key,
        segment_types.segment_type,
        told.value as segment,
        told.load_id
    from {{ properties }} as told
    inner join {{ source('computed', 'segment_types') }} as segment_types
        on told.name = segment_types.segment_type
    where not {{ is_segment_column('told.name') }}
{%- endmacro %}


{#-
    Gives profiles (int_responses_profiled), segments and segments_of_profile; segment 0 is everyone. What a profile's
    segments are is looked up at one response of it, in the two tables that tell of them.
-#}
{% macro numbered_profiles(scores) -%}
profiles as (
    select
        profile,
        min(response_key) as example_key,
        row_number() over (order by profile asc nulls last) as profile_no
    from {{ scores }}
    group by profile
),

example_responses as (
    select * from {{ ref('responses') }}
    where response_key in (select profiles.example_key from profiles)
),

example_properties as (
    select * from {{ ref('response_properties') }}
    where response_key in (select profiles.example_key from profiles)
),

examples as (
    {{- segments_of_responses('example_responses', 'example_properties') }}
),

named_segments as (
    select
        profiles.profile_no,
        segment_types.segment_type,
        coalesce(examples.segment, 'unknown') as segment
    from profiles
    cross join {{ source('computed', 'segment_types') }} as segment_types
    left join examples
        on profiles.example_key = examples.response_key and segment_types.segment_type = examples.segment_type
),

segments as (
    select
        segment_type,
        segment,
        row_number() over (order by segment_type asc nulls last, segment asc nulls last) as segment_no
    from named_segments
    group by segment_type, segment
    union all
    select
        'all' as segment_type,
        'all' as segment,
        0 as segment_no
),

segments_of_profile as (
    select
        named_segments.profile_no,
        segments.segment_no
    from named_segments
    inner join segments
        on named_segments.segment_type = segments.segment_type and named_segments.segment = segments.segment
    union all
    select
        profile_no,
        0 as segment_no
    from profiles
)
{%- endmacro %}


{#- What clusters of customers come to, each with how many are known and how many of these are gone. -#}
{% macro sums_of_clusters(customer_count, annual_value, valued_count) -%}
        cast(sum({{ customer_count }}) as bigint) as customer_count,
        sum(known) as known,
        sum(gone) as gone,
        cast(sum(case when known > 0e0 then 1 else 0 end) as bigint) as cluster_count,
        sum(gone * gone) as square_sum,
        sum(gone * known) as cross_sum,
        sum(known * known) as weight_square_sum,
        sum({{ annual_value }}) as annual_value,
        cast(sum({{ valued_count }}) as bigint) as valued_count
{%- endmacro %}
