-- One row per pain point and comment, or bad answer without a theme, behind it in the last 90 full days.
{{ config(tags=['daily']) }}

with raised as (
    select
        raised.*,
        {{ key_of(['responses.source_name', 'responses.survey_id', 'responses.response_id', 'raised.touchpoint_id']) }}
            as key_asked
    from {{ ref('int_pains_raised') }} as raised
    inner join {{ ref('responses') }} as responses
        on raised.response_key = responses.response_key
    where raised.time_window = 'now' and raised.is_pain
)

select
    raised.pain_point_id,
    raised.response_key,
    raised.answer_key,
    raised.comment_key,
    raised.customer_id,
    coalesce(held.follow_up_key, asked.follow_up_key) as follow_up_key,
    raised.place_class as score_class,
    raised.submitted_at
from raised
left join {{ ref('int_assignments_held') }} as held
    on raised.key_asked = held.follow_up_key
left join {{ ref('int_follow_ups_asked') }} as asked
    on raised.key_asked = asked.follow_up_key
