"""What a letter shows of one follow-up: facts turned into words of the reader's language, nothing more."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from gettext import NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from flows.mail.actions import Action
from flows.mail.cleaning import LONGEST_NAME, one_line
from flows.mail.said import Before, Comment, Score, before, comments, scores
from flows.mail.words import in_full, in_short, moment, task_name


@dataclass(frozen=True, slots=True)
class Reader:
    """Say for whom a letter is written: who, in which zone and language, and what time it is."""

    owner_id: str
    zone: str
    language: str
    locale: Locale
    words: NullTranslations
    now: datetime

    def day(self, at: datetime) -> date:
        """Give the day that an instant is on where the reader lives."""
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Show one follow-up; `handed_over_by` and `note` are set where it came from somebody else."""

    key: str
    who: str
    customer_id: str
    email: str
    phone: str
    place: str
    journey: str
    survey: str
    answered: str
    task: str
    next_step: str
    scores: list[Score]
    comments: list[Comment]
    before: list[Before]
    team: str
    rule: str
    reason: str
    handed_over_by: str
    note: str
    owner: str
    due: str
    is_overdue: bool
    due_at: datetime | None
    commands: list[str]
    actions: list[Action] = field(default_factory=list)
    page: str = ""

    @property
    def worst(self) -> Score | None:
        """Give the score that decides how bad it is."""
        return min(self.scores, key=lambda score: score.position) if self.scores else None


def follow_up(facts: dict[str, Any], reader: Reader) -> FollowUp:
    """Make what a letter shows of the facts of one promise (as due follow-ups and the ledger carry them)."""
    customer, owner, translate = facts.get("customer") or {}, facts.get("owner") or {}, reader.words.gettext
    due, answered = moment(facts.get("due_at")), moment(facts.get("submitted_at"))
    customer_id = one_line(customer.get("id") or facts.get("customer_id") or "")
    came_from = facts.get("handed_over") or {}
    return FollowUp(
        key=facts["follow_up_key"],
        who=one_line(customer.get("name") or "", LONGEST_NAME) or customer_id,
        customer_id=customer_id,
        email=one_line(customer.get("email") or ""),
        phone=one_line(customer.get("phone") or ""),
        place=_place(facts.get("touchpoint_name"), facts.get("touchpoint_id")),
        journey=_place(facts.get("journey_name"), facts.get("journey_id")),
        survey=one_line(facts.get("survey_name") or facts.get("survey_id") or ""),
        answered=in_short(answered, reader.zone, reader.locale) if answered else "",
        task=task_name(facts.get("kind"), translate),
        next_step=one_line(_words_of(facts.get("next_step"))),
        scores=list(scores(facts.get("answers") or [], reader.locale, translate)),
        comments=list(comments(facts.get("comments") or [], reader.locale)),
        before=list(before(facts.get("before") or [], reader.day, reader.locale, translate)),
        team=one_line((facts.get("team") or {}).get("name") or ""),
        rule=one_line(facts.get("rule_id") or ""),
        reason=one_line(facts.get("reason") or ""),
        handed_over_by=one_line(came_from.get("by") or "", LONGEST_NAME),
        note=one_line(came_from.get("note") or ""),
        owner=one_line(owner.get("name") or owner.get("id") or "", LONGEST_NAME),
        due=in_full(due, reader.zone, reader.locale) if due else "",
        is_overdue=due is not None and due < reader.now,
        due_at=due,
        commands=_commands(facts["follow_up_key"], reader.owner_id),
    )


def by_urgency(follow_ups: Iterable[FollowUp]) -> list[FollowUp]:
    """Put first what is due first, then what is worst."""
    last = datetime.max.replace(tzinfo=UTC)

    def urgency(one: FollowUp) -> tuple[datetime, float, str]:
        return (one.due_at or last, one.worst.position if one.worst else 1.0, one.key)

    return sorted(follow_ups, key=urgency)


def _words_of(step: Any) -> str:
    """Give what the playbook says to do next."""
    return str((step.get("text") if isinstance(step, dict) else step) or "")


def _place(name: str | None, identifier: str | None) -> str:
    return one_line(name or ("" if identifier in (None, "none", "all") else identifier))


def _commands(key: str, owner_id: str) -> list[str]:
    start, by = f"heardback event {shlex.quote(key)}", f"--by {shlex.quote(owner_id)}"
    return [
        f"{start} contacted {by}",
        f"{start} resolved {by} --root-cause ROOT_CAUSE_ID",
        f"{start} declined {by} --note WHY",
    ]
