-- One row per answer to a question that asks for consent (`contact_consent`), and whether it says yes, no or neither.
-- Made anew each time: an increment that stays empty, as this does where nobody is asked, would know no mark to go on
-- from, and looking for one word in one column is quick.

select
    asked.answer_key,
    asked.response_key,
    responses.customer_id,
    responses.submitted_at,
    {{ agrees('asked.value_text') }} as is_given,
    greatest(asked.load_id, responses.load_id) as load_id
from {{ ref('int_answers_judged') }} as asked
inner join {{ ref('responses') }} as responses
    on asked.response_key = responses.response_key
where asked.metric = 'contact_consent'
