-- One row per question that no table speaks of and whose tool does not say what it measures either, with a
-- suggestion that a person decides on: nothing is ever taken for a metric because it looks like one.

with unmapped as (
    select * from {{ ref('int_answers_judged') }}
    where not is_mapped and not is_understood
),

counted as (
    select
        source_name,
        survey_id,
        question_ref,
        max(question_text) as question_text,
        count(*) as answer_count,
        count(value_number) as number_count,
        min(value_number) as smallest,
        max(value_number) as largest,
        count(distinct value_number) as different_numbers,
        count(choice_id) as choice_count,
        avg(cast(length(value_text) as double)) as mean_length,
        count(distinct value_text) as different_texts,
        cast(sum(case when holds_address then 1 else 0 end) as bigint) as address_count,
        cast(
            sum(case when {{ holds('value_text', "'[0-9][0-9 ()/.-]{5,}'") }} then 1 else 0 end) as bigint
        ) as digits_count
    from unmapped
    group by source_name, survey_id, question_ref
),

described as (
    select
        counted.*,
        replace(lower({{ composed("question_ref || ' ' || question_text") }}), '_', ' ') as words,
        number_count = answer_count and different_numbers <= 11 and smallest >= 0 and largest <= 10 as is_rating_like,
        -- Choices repeat themselves, people who write do not.
        number_count < answer_count
        and choice_count = 0
        and different_texts > 1
        and (different_texts > 20 or different_texts * 2 > answer_count) as is_written,
        number_count = 0 and different_texts between 2 and 11 and different_texts * 2 <= answer_count as is_worded,
        ', scale ' || case when smallest = 0 then '0' else '1' end || ' to '
        || case when largest > 7 then '10' when largest > 5 then '7' else '5' end as scale
    from counted
),

-- The first of what its words speak of; a question may well speak of several.
spoken as (
    select
        described.*,
        case
            when {{ speaks_of('words', 'recommend') }} then 'nps'
            when {{ speaks_of('words', 'satisfied') }} then 'csat'
            when {{ speaks_of('words', 'easy') }} then 'ces'
            when {{ speaks_of('words', 'important') }} then 'importance'
            when {{ speaks_of('words', 'expected') }} then 'expectation'
            when {{ speaks_of('words', 'counted') }} then 'counted'
        end as measure
    from described
)

select
    source_name,
    survey_id,
    question_ref,
    question_text,
    answer_count,
    case
        when address_count * 2 > answer_count then 'contact_email'
        when address_count > 0 and {{ speaks_of('words', 'email') }} then 'contact_email'
        when is_written and digits_count * 2 > answer_count and {{ speaks_of('words', 'phone') }} then 'contact_phone'
        when is_written and mean_length <= 40e0 and {{ speaks_of('words', 'name') }} then 'contact_name'
        -- Few answers of 0 to 10 may all be small; many are not.
        when is_rating_like and measure = 'nps' and (largest > 5 or answer_count < 20) then 'nps, scale 0 to 10'
        when is_rating_like and measure = 'nps' then 'rating' || scale
        when is_rating_like and measure in ('csat', 'ces') then measure || scale
        when is_rating_like and choice_count = 0 and measure in ('importance', 'expectation')
            then 'rating' || scale || ', asks_for ' || measure
        when is_worded and measure in ('nps', 'csat', 'ces') then measure || ', name its choices'
        when choice_count > 0 or measure = 'counted' then 'none'
        when is_rating_like and largest > 7 and smallest = 0 then 'nps or rating, scale 0 to 10'
        when is_rating_like and different_numbers > 2 then 'rating' || scale
        when is_written and mean_length >= 4e0 and {{ speaks_of('words', 'comment') }} then 'comment'
        when is_written and mean_length >= 15e0 then 'comment'
        else 'none'
    end as suggestion
from spoken
