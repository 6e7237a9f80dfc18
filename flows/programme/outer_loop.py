"""What the company does about pain points: assessments, decisions, initiatives and what they cover."""

from __future__ import annotations

from flows.programme.cells import Amount, Day, Id, Needed, Text, Whole
from flows.programme.words import Decided, InitiativeKind, InitiativeStatus, Row, ScoreMetric


class Assessment(Row):
    """Say what a mend of one pain point would take."""

    touchpoint_id: Text = None
    theme_id: Text = None
    root_cause_id: Text = None
    effort_person_months: Amount = None
    cost: Amount = None
    currency: Text = None
    assessed_by: Text = None
    assessed_on: Day = None
    participants: Text = None


class Decision(Row):
    """Say what was decided about one pain point."""

    touchpoint_id: Text = None
    theme_id: Text = None
    decision: Decided = None
    reason: Text = None
    decided_by: Text = None
    decided_on: Day = None


class Initiative(Row):
    """Describe one quick fix or key battle, its means and its checkpoint."""

    initiative_id: Id = None
    name: Text = None
    kind: InitiativeKind = None
    status: InitiativeStatus = None
    owner_id: Text = None
    team_id: Text = None
    budget: Amount = None
    currency: Text = None
    effort_person_months: Amount = None
    started_on: Day = None
    due_on: Day = None
    released_on: Day = None
    metric: ScoreMetric = None
    comparison_touchpoint_id: Text = None
    checkpoint_on: Day = None
    minimum_answers: Whole = None


class Scope(Row):
    """Name one touchpoint and theme that an initiative works on."""

    initiative_id: Needed = None
    touchpoint_id: Text = None
    theme_id: Text = None
