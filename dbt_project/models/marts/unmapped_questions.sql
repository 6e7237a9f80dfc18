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
        cast(sum(case when holds_address then 1 else 0 end) as bigint) as address_count
    from unmapped
    group by source_name, survey_id, question_ref
),

described as (
    select
        counted.*,
        lower(question_text || ' ' || question_ref) as words,
        number_count = answer_count and different_numbers <= 11 and smallest >= 0 and largest <= 10 as is_rating_like
    from counted
)

select
    source_name,
    survey_id,
    question_ref,
    question_text,
    answer_count,
    case
        when address_count * 2 > answer_count then 'contact_email'
        when {{ holds('words', "'e-?mail'") }} then 'contact_email'
        when {{ holds('words', "'phone|telephone|mobile'") }} and not is_rating_like then 'contact_phone'
        when choice_count > 0 then 'none'
        when is_rating_like and {{ holds('words', "'nps|recommend'") }} then 'nps, scale 0 to 10'
        when is_rating_like and largest > 7 and smallest = 0 then 'nps or rating, scale 0 to 10'
        when is_rating_like and {{ holds('words', "'ces|effort|easy|ease'") }}
            then 'ces, scale 1 to ' || case when largest > 5 then '7' else '5' end
        when is_rating_like and {{ holds('words', "'csat|satisf'") }}
            then 'csat, scale 1 to ' || case when largest > 7 then '10' when largest > 5 then '7' else '5' end
        when is_rating_like and different_numbers > 2
            then 'rating, scale 1 to ' || case when largest > 7 then '10' when largest > 5 then '7' else '5' end
        when number_count < answer_count and mean_length >= 15e0 and different_texts > 1 then 'comment'
        else 'none'
    end as suggestion
from described
