-- What the ledger holds is not due again.
select due.follow_up_key
from {{ ref('follow_ups_due') }} as due
inner join {{ ref('follow_ups') }} as held
    on due.follow_up_key = held.follow_up_key
