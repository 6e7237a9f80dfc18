"""What a response says, in whatever order and by whichever way the tool told it."""

from __future__ import annotations

from typing import Any

import msgspec

from flows.surveys.listings import REFUSALS
from flows.surveys.told import in_any_order, in_order


class _Said(msgspec.Struct):
    """Leave out what only one way tells, the Responses API or a webhook: browser, tags."""

    answers: Any = None
    hidden: Any = None
    calculated: Any = None
    variables: Any = None


_DECODER = msgspec.json.Decoder(_Said)


def says(payload: bytes) -> object:
    """Give what is equal for payloads that say the same; the order of keys and answers says nothing.

    Empty members are none. What cannot be taken apart says its bytes.
    """
    try:
        said = _DECODER.decode(payload)
        answers = said.answers
        if isinstance(answers, list):
            answers = in_any_order([_with_day(one) for one in answers])
        others = (said.hidden, said.calculated, said.variables)
        return in_order((answers or None, *(other or None for other in others)))
    except REFUSALS:
        return payload


def _with_day(answer: Any) -> Any:
    """Write the day that was answered as webhooks do; the Responses API tells it as a time, at midnight."""
    if isinstance(answer, dict) and isinstance(day := answer.get("date"), str):
        return {**answer, "date": day.removesuffix("T00:00:00Z")}
    return answer
