"""What is asked: surveys and their questions."""

from __future__ import annotations

from flows.programme.cells import Flag, Needed, Number, Text
from flows.programme.words import AsksFor, Audience, Experience, QuestionMetric, Row, SurveyKind


class Survey(Row):
    """Describe one survey of one source."""

    source_name: Needed = None
    survey_id: Needed = None
    name: Text = None
    purpose: Text = None
    goal_id: Text = None
    owner_team_id: Text = None
    channel: Text = None
    audience: Audience = None
    survey_kind: SurveyKind = None


class Question(Row):
    """Say what one question measures, on which scale, and about which place."""

    source_name: Needed = None
    survey_id: Needed = None
    question_ref: Needed = None
    question_text: Text = None
    metric: QuestionMetric = None
    scale_min: Number = None
    scale_max: Number = None
    is_reversed: Flag = None
    no_answer_values: Text = None
    journey_id: Text = None
    touchpoint_id: Text = None
    survey_kind: SurveyKind = None
    asks_for: AsksFor = None
    experience: Experience = None
    choices: Text = None
