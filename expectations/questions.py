"""What must hold of questions."""

from __future__ import annotations

from typing import ClassVar

from expectations.must_hold import WARNING, MustHold


class NoQuestionChangedItsScale(MustHold):
    description: str = "No question of a survey was asked on two scales."
    severity = WARNING
    things: ClassVar[str] = "questions with a scale"
    may_be_empty: ClassVar[bool] = True
    # What a tool told of a question in all versions of its survey; the marts know the newest scale only.
    query: str = """
        with questions as (
            select source_name, survey_id, question_ref,
                count(distinct (tool_scale_min, tool_scale_max)) as scales
            from intermediate.int_questions_told
            where tool_scale_min is not null and tool_scale_max is not null
            group by source_name, survey_id, question_ref)
        select count(*) as judged, count(*) filter (scales > 1) as broken,
            string_agg(distinct source_name, ', ') filter (scales > 1) as observed
        from questions"""
