"""What the customers of due follow-ups said before, for the letters that ask somebody to call them."""

from __future__ import annotations

from typing import Any

# The three newest responses before the one at hand, each with its first score and its first comment.
BEFORE = """
with due as (
    select distinct response_key, customer_id, submitted_at
    from intermediate.int_follow_ups_capped
    where withheld_because is null and customer_id is not null
),

earlier as (
    select due.response_key as due_key, responses.response_key, responses.submitted_at
    from due
    inner join marts.responses as responses
        on due.customer_id = responses.customer_id and responses.submitted_at < due.submitted_at
    qualify row_number() over (
        partition by due.response_key order by responses.submitted_at desc, responses.response_key
    ) <= 3
),

scores as (
    select * from marts.answers
    where asks_for = 'perception' and response_key in (select response_key from earlier)
    qualify row_number() over (partition by response_key order by question_ref, answer_key) = 1
),

remarks as (
    select * from marts.comments
    where text is not null and response_key in (select response_key from earlier)
    qualify row_number() over (partition by response_key order by question_ref, comment_key) = 1
)

select
    earlier.due_key as response_key,
    earlier.submitted_at,
    scores.metric,
    scores.value,
    scores.scale_min,
    scores.scale_max,
    scores.score_class,
    remarks.text,
    remarks.language,
    coalesce(scores.touchpoint_id, remarks.touchpoint_id) as touchpoint_id,
    touchpoints.name as touchpoint_name
from earlier
left join scores on earlier.response_key = scores.response_key
left join remarks on earlier.response_key = remarks.response_key
left join marts.touchpoints as touchpoints
    on coalesce(scores.touchpoint_id, remarks.touchpoint_id) = touchpoints.touchpoint_id
where scores.value is not null or remarks.text is not null
order by earlier.due_key, earlier.submitted_at desc, earlier.response_key
"""


def told_before(row: dict[str, Any]) -> dict[str, Any]:
    """Give one earlier response the shape of facts: answers and comments, where and when."""
    scores = ("metric", "value", "scale_min", "scale_max", "score_class")
    return {
        "submitted_at": row["submitted_at"],
        "touchpoint_id": row["touchpoint_id"],
        "touchpoint_name": row["touchpoint_name"],
        "answers": [{name: row[name] for name in scores}] if row["value"] is not None else [],
        "comments": [{"text": row["text"], "language": row["language"]}] if row["text"] else [],
    }
