-- One row per touchpoint of the programme: whether its score is asked, how, and how much comes in.
{{ config(tags=['daily']) }}

with declared as (
    select
        questions.line_no,
        questions.touchpoint_id,
        questions.metric,
        surveys.channel,
        row_number() over (
            partition by questions.line_no
            order by
                {{ is_any('surveys.survey_id') }} asc nulls last,
                {{ is_any('surveys.source_name') }} asc nulls last,
                surveys.line_no asc nulls last
        ) as best_first
    from {{ ref('stg_programme__questions') }} as questions
    left join {{ ref('stg_programme__surveys') }} as surveys
        on
            ({{ is_any('surveys.source_name') }} or surveys.source_name = questions.source_name)
            and ({{ is_any('surveys.survey_id') }} or surveys.survey_id = questions.survey_id)
    where coalesce(questions.asks_for, 'perception') = 'perception'
),

answered as (
    select
        scores.touchpoint_id,
        scores.metric,
        scores.local_date,
        scores.submitted_at,
        responses.channel
    from {{ ref('int_scores_located') }} as scores
    inner join {{ ref('responses') }} as responses
        on scores.response_key = responses.response_key
    where scores.touchpoint_id <> 'none'
),

-- What the tables say is asked, what the tool says it asks, and what was answered at a touchpoint that came with
-- the response.
ways as (
    select
        touchpoint_id,
        metric,
        channel
    from declared
    where best_first = 1
    union
    select
        mapped.touchpoint_id,
        coalesce(mapped.metric, mapped.tool_metric) as metric,
        surveys.channel
    from {{ ref('int_questions_mapped') }} as mapped
    left join {{ ref('int_surveys_mapped') }} as surveys
        on mapped.source_name = surveys.source_name and mapped.survey_id = surveys.survey_id
    where mapped.asks_for = 'perception'
    union
    select
        touchpoint_id,
        metric,
        channel
    from answered
),

score_ways as (
    select *
    from ways
    where metric in ('nps', 'csat', 'ces', 'enps', 'rating')
),

metrics as (
    select
        touchpoint_id,
        {{ joined_in_order('metric') }} as metrics
    from (select distinct touchpoint_id, metric from score_ways) as named
    group by touchpoint_id
),

channels as (
    select
        touchpoint_id,
        {{ joined_in_order('channel') }} as channels
    from (select distinct touchpoint_id, channel from score_ways where channel is not null) as named
    group by touchpoint_id
),

counted as (
    select
        answered.touchpoint_id,
        count(
            case
                when
                    answered.local_date >= cast(settings.today - interval '90' day as date)
                    and answered.local_date < settings.today
                    then 1
            end
        ) as answers_90d,
        max(answered.submitted_at) as last_answer_at
    from answered
    cross join {{ source('computed', 'settings') }} as settings
    group by answered.touchpoint_id
)

select
    touchpoints.journey_id,
    touchpoints.stage,
    touchpoints.position,
    touchpoints.touchpoint_id,
    metrics.metrics is not null as is_asked,
    metrics.metrics,
    channels.channels,
    cast(coalesce(counted.answers_90d, 0) as bigint) as answers_90d,
    counted.last_answer_at,
    coalesce(touchpoints.is_moment_of_truth, false) as is_moment_of_truth
from {{ ref('touchpoints') }} as touchpoints
left join metrics
    on touchpoints.touchpoint_id = metrics.touchpoint_id
left join channels
    on touchpoints.touchpoint_id = channels.touchpoint_id
left join counted
    on touchpoints.touchpoint_id = counted.touchpoint_id
