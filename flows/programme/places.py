"""Where feedback belongs: journeys, their touchpoints, and what is aimed at there."""

from __future__ import annotations

from flows.programme.cells import Day, Flag, Id, Needed, Number, Share, Text, Whole
from flows.programme.words import Audience, Row, ScoreMetric, SurveyKind


class Journey(Row):
    """Describe one journey; a journey nobody owns is refused."""

    journey_id: Id = None
    name: Text = None
    position: Whole = None
    audience: Audience = None
    strategic_weight: Share = None
    owner_team_id: Needed = None


class Touchpoint(Row):
    """Describe one touchpoint of a journey."""

    touchpoint_id: Id = None
    journey_id: Needed = None
    stage: Text = None
    position: Whole = None
    name: Text = None
    description: Text = None
    interaction_method: Text = None
    customer_expectation: Text = None
    expected_metric: ScoreMetric = None
    expected_score: Number = None
    is_moment_of_truth: Flag = None
    owner_team_id: Text = None


class Goal(Row):
    """Describe a score to be reached somewhere by a day."""

    goal_id: Id = None
    journey_id: Text = None
    touchpoint_id: Text = None
    metric: ScoreMetric = None
    survey_kind: SurveyKind = None
    target_score: Number = None
    by_date: Day = None
    expected_benefit: Number = None
    currency: Text = None
