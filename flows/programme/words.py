"""The vocabularies that several programme tables share, and the row all of them are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from flows.programme.cells import one_of

SCORES = ("nps", "csat", "ces", "enps", "rating")
CONTACTS = ("contact_consent", "contact_email", "contact_phone", "contact_name")
SCORE_CLASSES = ("promoter", "passive", "detractor", "top", "middle", "bottom")
_AUDIENCES = ("customer", "partner", "employee")
_FOLLOW_UP_KINDS = ("recover", "learn", "thank", "advocate", "answer")

Audience = Annotated[str | None, one_of(*_AUDIENCES)]
AnyAudience = Annotated[str | None, one_of(*_AUDIENCES, any_too=True)]
ScoreMetric = Annotated[str | None, one_of(*SCORES)]
AnyMetric = Annotated[str | None, one_of(*SCORES, "comment", "theme_code", any_too=True)]
QuestionMetric = Annotated[str | None, one_of(*SCORES, "comment", "theme_code", *CONTACTS, "none")]
SurveyKind = Annotated[str | None, one_of("relational", "transactional")]
AnyScoreClass = Annotated[str | None, one_of(*SCORE_CLASSES, any_too=True)]
FollowUpKind = Annotated[str | None, one_of(*_FOLLOW_UP_KINDS)]
AnyFollowUpKind = Annotated[str | None, one_of(*_FOLLOW_UP_KINDS, any_too=True)]
AsksFor = Annotated[str | None, one_of("perception", "expectation", "importance")]
Experience = Annotated[str | None, one_of("functional", "emotional", "experiential")]
Role = Annotated[str | None, one_of("owner", "manager", "champion", "expert")]
Action = Annotated[str | None, one_of("assign", "inform", needed=True)]
Clock = Annotated[str | None, one_of("elapsed", "working")]
Delivery = Annotated[str | None, one_of("now", "digest")]
Telling = Annotated[str | None, one_of("none", "received", "resolved", "both")]
ThemeKind = Annotated[str | None, one_of("complaint", "request", "question", "praise")]
Decided = Annotated[str | None, one_of("do", "defer", "not_worth_it", needed=True)]
InitiativeKind = Annotated[str | None, one_of("quick_fix", "key_battle")]
InitiativeStatus = Annotated[
    str | None, one_of("proposed", "approved", "in_progress", "released", "verified", "dropped")
]


class Row(BaseModel):
    """Read one row: a column that is missing is empty, one that is not known is ignored."""

    model_config = ConfigDict(extra="ignore", validate_default=True)
