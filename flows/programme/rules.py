"""What happens to an answer: routing rules, and the playbooks that say how."""

from __future__ import annotations

from flows.programme.cells import Address, Hours, Id, Language, NeededPosition, Number, Pairs, Text
from flows.programme.words import (
    Action,
    AnyAudience,
    AnyFollowUpKind,
    AnyMetric,
    AnyScoreClass,
    Clock,
    Delivery,
    FollowUpKind,
    Row,
    Telling,
)


class Rule(Row):
    """Describe one routing rule; empty or `*` in a matching column means any."""

    rule_id: Id = None
    position: NeededPosition = None
    action: Action = None
    audience: AnyAudience = None
    journey_id: Text = None
    touchpoint_id: Text = None
    metric: AnyMetric = None
    score_class: AnyScoreClass = None
    score_min: Number = None
    score_max: Number = None
    theme_id: Text = None
    segment: Text = None
    persona: Text = None
    language: Language = None
    channel: Text = None
    properties: Pairs = None
    team_id: Text = None
    owner_id: Text = None
    follow_up_kind: FollowUpKind = None
    clock: Clock = None
    respond_within_hours: Hours = None
    delivery: Delivery = None
    tell_customer: Telling = None


class Playbook(Row):
    """Say what an owner does next, and what the customer may be told, for one kind of follow-up."""

    touchpoint_id: Text = None
    theme_id: Text = None
    follow_up_kind: AnyFollowUpKind = None
    language: Language = None
    next_step: Text = None
    customer_text: Text = None
    content_url: Address = None
