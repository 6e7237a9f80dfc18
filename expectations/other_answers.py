"""What must hold of the mart `other_answers`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import CRITICAL, MustHold
from expectations.phrases import no_address, with_response


class NoOtherAnswerHoldsAnAddress(MustHold):
    description: str = "No answer that is published beside scores and comments holds an e-mail address."
    severity = CRITICAL
    things: ClassVar[str] = "other answers"
    may_be_empty: ClassVar[bool] = True
    query: str = no_address("value_text", "choice_id")


class EveryOtherAnswerBelongsToAResponse(MustHold):
    description: str = "Every other answer belongs to a response that is there."
    severity = CRITICAL
    things: ClassVar[str] = "other answers"
    may_be_empty: ClassVar[bool] = True
    query: str = with_response()
