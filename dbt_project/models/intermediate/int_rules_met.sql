-- One row per response, touchpoint and rule (`assign` or `inform`) that an answer, or a comment, given there meets, and
-- what met it first: the worst. A rule is met by one answer or comment as a whole; a theme it names must be spoken of
-- somewhere at the touchpoint. What employees say meets only the rules that name them.
{{ config(materialized='incremental', incremental_strategy='replace_touched') }}


with rules as (
    select * from {{ ref('stg_programme__routing') }}
),

paired as (
    {{ pairs_of('rules', 'properties') }}
),

pair_counts as (
    select
        rule_id,
        count(distinct pair_name) as pair_count
    from paired
    group by rule_id
),

-- Responses that have all the properties of a rule; of several values for one name, any.
property_holders as (
    select
        paired.rule_id,
        properties.response_key
    from paired
    inner join pair_counts
        on paired.rule_id = pair_counts.rule_id
    inner join {{ ref('response_properties') }} as properties
        on lower(trim(properties.name)) = paired.pair_name and trim(properties.value) = paired.pair_value
    {%- if is_incremental() %}
    where
        properties.response_key in (
            select newer.response_key
            from {{ ref('responses') }} as newer
            where {{ is_newer('newer.load_id') }}
        )
    {%- endif %}
    group by paired.rule_id, properties.response_key
    having count(distinct paired.pair_name) = max(pair_counts.pair_count)
),

spoken_of as (
    select distinct
        judged.response_key,
        judged.touchpoint_id,
        themes.theme_id
    from {{ ref('comment_themes') }} as themes
    inner join {{ ref('int_answers_judged') }} as judged
        on themes.comment_key = judged.answer_key
    where
        themes.theme_id in (select rules.theme_id from rules)
        {%- if is_incremental() %}
        and {{ is_newer('themes.load_id') }}
        and {{ is_newer('judged.load_id') }}
        {%- endif %}
),

said as (
    select
        judged.*,
        responses.customer_id,
        responses.segment,
        responses.persona,
        responses.channel,
        case
            when journeys.audience = 'employee' then 'employee'
            else responses.audience
        end as audience,
        journeys.name as journey_name,
        journeys.owner_team_id as journey_team_id,
        greatest(judged.load_id, responses.load_id) as newest_load_id
    from {{ ref('int_answers_judged') }} as judged
    inner join {{ ref('responses') }} as responses
        on judged.response_key = responses.response_key
    left join {{ ref('stg_programme__journeys') }} as journeys
        on judged.journey_id = journeys.journey_id
    where
        judged.quarantine_reason is null
        and (
            (judged.metric in ('nps', 'enps', 'csat', 'ces', 'rating') and judged.asks_for = 'perception')
            or (judged.metric = 'comment' and judged.value_text is not null)
            or judged.metric = 'theme_code'
        )
        {%- if is_incremental() %}
        -- Said of each table that is joined: none of them is read as a whole.
        and {{ is_newer('judged.load_id') }}
        and {{ is_newer('responses.load_id') }}
        {%- endif %}
),

matched as (
    select
        said.*,
        rules.rule_id,
        rules.position as rule_position,
        rules.action,
        rules.follow_up_kind,
        rules.owner_id as wanted_owner_id,
        rules.team_id as rule_team_id,
        rules.clock,
        rules.respond_within_hours,
        row_number() over (
            partition by said.response_key, said.touchpoint_id, rules.rule_id
            order by
                (said.value - said.scale_min) / nullif(said.scale_max - said.scale_min, 0) asc nulls last,
                said.question_ref asc nulls last,
                said.answer_key asc nulls last
        ) as first_met
    from said
    inner join rules
        on
            (rules.audience = said.audience or ({{ is_any('rules.audience') }} and said.audience <> 'employee'))
            and ({{ is_any('rules.journey_id') }} or rules.journey_id = said.journey_id)
            and ({{ is_any('rules.touchpoint_id') }} or rules.touchpoint_id = said.touchpoint_id)
            and ({{ is_any('rules.metric') }} or rules.metric = said.metric)
            and ({{ is_any('rules.score_class') }} or rules.score_class = said.score_class)
            and (rules.score_min is null or said.value >= rules.score_min)
            and (rules.score_max is null or said.value <= rules.score_max)
            and ({{ is_any('rules.segment') }} or rules.segment = coalesce(said.segment, 'unknown'))
            and ({{ is_any('rules.persona') }} or rules.persona = coalesce(said.persona, 'unknown'))
            and ({{ is_any('rules.channel') }} or rules.channel = coalesce(said.channel, 'unknown'))
            and ({{ is_any('rules.language') }} or {{ speaks('said.language', 'rules.language') }})
    left join property_holders
        on rules.rule_id = property_holders.rule_id and said.response_key = property_holders.response_key
    left join spoken_of
        on
            rules.theme_id = spoken_of.theme_id
            and said.response_key = spoken_of.response_key
            and said.touchpoint_id = spoken_of.touchpoint_id
    where
        ({{ is_any('rules.properties') }} or property_holders.rule_id is not null)
        and ({{ is_any('rules.theme_id') }} or spoken_of.theme_id is not null)
),

collected as (
    select
        response_key,
        first_fetched_at as first_collected_at
    from {{ ref('stg_raw__responses') }}
    where response_key in (select matched.response_key from matched)
)

select
    {{ key_of(['matched.source_name', 'matched.survey_id', 'matched.response_id', 'matched.touchpoint_id']) }}
        as follow_up_key,
    matched.response_key,
    matched.source_name,
    matched.survey_id,
    matched.response_id,
    matched.customer_id,
    matched.audience,
    matched.journey_id,
    matched.touchpoint_id,
    matched.action,
    matched.follow_up_kind as kind,
    matched.rule_id,
    matched.rule_position,
    coalesce(matched.rule_team_id, touchpoints.owner_team_id, matched.journey_team_id, owners.team_id) as team_id,
    matched.wanted_owner_id,
    matched.clock,
    matched.respond_within_hours,
    matched.segment,
    matched.metric,
    matched.value,
    matched.scale_max,
    matched.score_class,
    matched.submitted_at,
    collected.first_collected_at,
    {{ said_in_words('matched.metric', 'matched.value', 'matched.scale_max') }}
    || coalesce(
        ' at ' || case
            when matched.touchpoint_id <> 'none' then coalesce(touchpoints.name, matched.touchpoint_id)
            when matched.journey_id <> 'none' then coalesce(matched.journey_name, matched.journey_id)
        end,
        ''
    )
    || ' (rule ' || matched.rule_id || ')' as reason,
    matched.newest_load_id as load_id
from matched
inner join collected
    on matched.response_key = collected.response_key
left join {{ ref('stg_programme__touchpoints') }} as touchpoints
    on matched.touchpoint_id = touchpoints.touchpoint_id
left join {{ ref('stg_programme__owners') }} as owners
    on matched.wanted_owner_id = owners.owner_id
where matched.first_met = 1
