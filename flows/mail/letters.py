"""Letters about follow-ups: to their owner when they are new or due, to the manager when nobody came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address
from typing import Any, Literal

from flows.mail.actions import actions, labels, reply_word
from flows.mail.cleaning import address, one_line
from flows.mail.languages import locale_of, translations
from flows.mail.message import Sender, build, message_id
from flows.mail.pages import rendered
from flows.mail.sentences import Occasion, first_line, subject, why_you
from flows.mail.views import FollowUp, Reader, by_urgency, follow_up
from flows.records import Letter

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Draft:
    """Hold what differs between letters: kind, why now, to whom, in which thread, which of the kind it is."""

    kind: str
    why_now: Occasion
    to: Address
    name: str
    team: str
    occasion: str
    answers: str = ""


def assignment_letter(
    facts: list[Facts], sender: Sender, now: datetime, occasion: str = "", kind: str = "assignment"
) -> Letter:
    """Write the one letter that tells an owner of new follow-ups.

    `facts` are those of due follow-ups, all of one owner (`owner`: id, name, email, language, timezone;
    `team`). `occasion` sets a later letter about the same follow-up apart; one with a fresh link is of kind
    `reminder`. Raises ValueError when neither owner nor team has an address that can be written to.
    """
    return _to_owner(kind, "new", facts, sender, now, occasion)


def reminder_letter(
    facts: list[Facts], sender: Sender, now: datetime, occasion: str, answers: str = ""
) -> Letter:
    """Remind an owner of follow-ups whose deadline is near or here; `answers` is the letter they came in.

    Arguments and errors as for `assignment_letter`.
    """
    is_due = any(
        due <= now for due in (follow_up(one, _owner_of(facts, sender, now)).due_at for one in facts) if due
    )
    return _to_owner("reminder", "due" if is_due else "soon", facts, sender, now, occasion, answers)


def again_letter(
    facts: Facts,
    words: str,
    sender: Sender,
    now: datetime,
    occasion: str,
    why_now: Literal["again", "wrote"] = "again",
) -> Letter:
    """Tell an owner that a customer says it is not solved yet, or wrote; the customer's new words come first.

    Raises ValueError when neither owner nor team has an address that can be written to.
    """
    said = [{"text": words, "language": facts.get("language")}] if words else []
    told = {**facts, "comments": [*said, *(facts.get("comments") or [])]}
    return _to_owner("reminder", why_now, [told], sender, now, occasion)


def escalation_letter(
    facts: list[Facts],
    manager: dict[str, Any],
    trouble: Occasion,
    sender: Sender,
    now: datetime,
    occasion: str,
) -> Letter:
    """Tell a manager (email, name, language, timezone, team) of follow-ups that need somebody else.

    `trouble` says why: `late` (nobody reached the customer in time), `away` (the owner answered so),
    `undeliverable` (the letter came back). Raises ValueError when the manager cannot be written to.
    """
    reader = _reader(manager["email"], manager, sender, now)
    name, team = one_line(manager.get("name") or ""), one_line(manager.get("team") or "")
    draft = _Draft("escalation", trouble, address(manager["email"], name), name, team, occasion)
    return _finished(draft, by_urgency(follow_up(one, reader) for one in facts), sender, reader)


def recipient(owner: dict[str, Any], team: dict[str, Any]) -> Address:
    """Choose the owner's address, else the team's; raises ValueError when neither can be written to."""
    for one in (owner, team):
        try:
            return address(one.get("email") or "", owner.get("name") or "")
        except ValueError:
            continue
    raise ValueError(
        f"owner '{owner.get('id')}' has no e-mail address that can be written to, nor has the team"
    )


def _reader(identity: str, person: dict[str, Any], sender: Sender, now: datetime) -> Reader:
    language = person.get("language") or sender.language
    zone = person.get("timezone") or sender.timezone
    return Reader(identity, zone, language, locale_of(language), translations(language), now)


def _owner_of(facts: list[Facts], sender: Sender, now: datetime) -> Reader:
    owner = facts[0].get("owner") or {}
    return _reader(owner.get("id") or facts[0]["owner_id"], owner, sender, now)


def _to_owner(
    kind: str,
    why_now: Occasion,
    facts: list[Facts],
    sender: Sender,
    now: datetime,
    occasion: str,
    answers: str = "",
) -> Letter:
    owner, team, reader = (
        facts[0].get("owner") or {},
        facts[0].get("team") or {},
        _owner_of(facts, sender, now),
    )
    shown = [_with_buttons(follow_up(one, reader), one, sender, reader) for one in facts]
    name, team_name = one_line(owner.get("name") or ""), one_line(team.get("name") or "")
    draft = _Draft(kind, why_now, recipient(owner, team), name, team_name, occasion, answers)
    return _finished(draft, by_urgency(shown), sender, reader)


def _with_buttons(shown: FollowUp, facts: Facts, sender: Sender, reader: Reader) -> FollowUp:
    about, links = subject([shown], reader), sender.links
    buttons = actions(facts, links, sender.causes, about, reader.now, reader.words, reader.language)
    page = links.to_follow_up(facts, reader.now) if links and not links.mail_to else ""
    return replace(shown, actions=buttons, page=page)


def _finished(draft: _Draft, shown: list[FollowUp], sender: Sender, reader: Reader) -> Letter:
    is_manager, keys = draft.kind == "escalation", tuple(one.key for one in shown)
    identity = message_id(draft.kind, reader.owner_id, keys, sender.parsed().domain, draft.occasion)
    headline = subject(shown, reader, draft.why_now)
    can_reply = bool(sender.takes_answers) and not is_manager
    named = labels(reader.words.gettext).values() if can_reply else []
    text, page = rendered(
        "follow_ups",
        reader.language,
        {
            "subject": headline,
            "name": draft.name,
            "lead": first_line(draft.why_now, len(shown), reader),
            "follow_ups": shown,
            "is_manager": is_manager,
            "reply_words": ", ".join(reply_word(reader.words, word) for _, word in named),
            "because": why_you(draft.team, is_manager, reader.words),
            "company": one_line(sender.company),
            "help_email": one_line(sender.help_email),
        },
    )
    body = build(
        sender=sender,
        to=draft.to,
        subject=headline,
        kind=draft.kind,
        identity=identity,
        keys=keys,
        date=reader.now,
        text=text,
        html=page,
        answers=draft.answers,
    )
    return Letter(identity, draft.kind, keys, draft.to.addr_spec, headline, body)
