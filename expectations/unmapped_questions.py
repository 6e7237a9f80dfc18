"""What must hold of the mart `unmapped_questions`."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import WARNING, MustHold


class NoQuestionThatLooksLikeAScoreIsLeftOut(MustHold):
    description: str = "Every question that looks like a score is named in `questions.csv`."
    severity = WARNING
    things: ClassVar[str] = "questions that no table speaks of"
    may_be_empty: ClassVar[bool] = True
    query: str = """
        select count(*) as judged,
            count(*) filter (regexp_matches(suggestion, '^(nps|ces|csat|rating)')) as broken
        from {batch}"""
